import type { ChatAnswer } from '../engines/chat/chat-replies.ts';
import type { Failure } from '../recording/failure.ts';
import type { JudgeReply } from './judge.ts';

export const NO_VERDICT = 'no-verdict';

const MOST_QUOTED = 80;

/** Of the last reply that a question gets. */
export function noVerdict({ text }: JudgeReply): Failure {
  const end = text.length > MOST_QUOTED ? `…${text.slice(-MOST_QUOTED)}` : text;
  return {
    code: NO_VERDICT,
    message: `The judge gave no verdict in the form that it was asked for (it ended with ${JSON.stringify(end)}).`,
  };
}

/** Where the model, or a filter before it, would not judge; undefined where it did. */
export function refusalOf({ refusal, finishReason }: ChatAnswer): Failure | undefined {
  if (refusal === undefined && finishReason !== 'content_filter') return undefined;
  const said = refusal === undefined ? 'its filter of contents' : JSON.stringify(refusal.slice(0, MOST_QUOTED));
  return { code: 'judge-refused', message: `The judge would not judge this (${said}).` };
}
