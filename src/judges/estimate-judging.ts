import type { Judge, JudgeQuestion } from './judge.ts';

/** What judging will take, as far as that can be known before. */
export interface JudgingEstimate {
  readonly verdicts: number;
  /** As many of them are there from earlier runs. */
  readonly found: number;
  /** Replies to ask for; more where the judge has to be reminded. */
  readonly calls: number;
  /** About so many tokens are sent, and at most so many come back. */
  readonly promptTokens: number;
  readonly mostReplyTokens: number;
}

export interface EstimateOptions {
  /** Default: 1. */
  readonly repeats?: number | undefined;
  /** As a trial showed it. Default: 4, about what English text has. */
  readonly bytesPerToken?: number | undefined;
}

/** Counts without asking. The same question twice is one verdict. */
export function estimateJudging(
  judge: Judge,
  questions: Iterable<JudgeQuestion>,
  { repeats = 1, bytesPerToken = 4 }: EstimateOptions = {},
): JudgingEstimate {
  const seen = new Set<string>();
  let [found, bytes, mostReplyTokens] = [0, 0, 0];
  for (const question of questions) {
    for (let repeat = 1; repeat <= repeats; repeat++) {
      const { key, isThere } = judge.lookUp(question, repeat);
      if (seen.has(key)) continue;
      seen.add(key);
      if (isThere) found++;
      else [bytes, mostReplyTokens] = [bytes + promptBytes(question), mostReplyTokens + question.maxTokens];
    }
  }
  const promptTokens = Math.ceil(bytes / bytesPerToken);
  return { verdicts: seen.size, found, calls: seen.size - found, promptTokens, mostReplyTokens };
}

/** Of the texts alone. */
export function promptBytes({ messages }: Pick<JudgeQuestion, 'messages'>): number {
  return messages.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0);
}

/** One sentence for whoever pays. */
export function describeEstimate(name: string, estimate: JudgingEstimate): string {
  const { verdicts, found, calls, promptTokens, mostReplyTokens } = estimate;
  const there = found === 0 ? '' : ` (${counted(found)} of ${counted(verdicts)} questions have been answered)`;
  if (calls === 0) return `The judge ${name} need not be asked: all ${counted(verdicts)} questions have been answered.`;
  return `The judge ${name} is asked ${counted(calls)} times${there}: about ${counted(promptTokens)} tokens to it and at most ${counted(mostReplyTokens)} from it, and more where it has to be reminded of the form.`;
}

function counted(count: number): string {
  return count.toLocaleString('en-US');
}
