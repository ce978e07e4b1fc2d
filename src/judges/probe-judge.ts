import { EngineError } from '../core/errors.ts';
import { promptBytes } from './estimate-judging.ts';
import type { Judge, JudgeQuestion, TriedReply } from './judge.ts';
import { endsAll } from './ends-all.ts';
import { withReminder } from './with-reminder.ts';
import type { JudgeProtocol } from './protocols/judge-protocol.ts';

/** What a judge can't do for a protocol. */
export interface JudgeFault {
  readonly protocol: string;
  readonly code: 'no-logprobs' | 'no-verdict' | 'no-answer';
  /** One sentence. */
  readonly message: string;
}

export interface JudgeProbe {
  /** None: it can be asked. */
  readonly faults: readonly JudgeFault[];
  /** Of the longest trial, reminders included. */
  readonly latencyMs: number;
  /** Of prompts, as far as the server counts tokens. */
  readonly bytesPerToken: number | undefined;
}

type Finding = Omit<JudgeFault, 'protocol'>;

/** A question and what came of it, the last reminder's reply at its end. */
interface Trial {
  readonly replies: readonly TriedReply[];
  readonly hasVerdict: boolean;
}

const MOST_REPLIES = 3;
/** The examples are easy: a judge that needs more for one would need hours for a benchmark. */
const MOST_TOKENS = 1024;
const MOST_QUOTED = 60;

/**
 * Asks the first question of each protocol's example, before a thousand others are: does the judge answer, does it tell
 * probabilities of tokens where they are needed, does its reply hold a verdict. Nothing of it is kept.
 *
 * @throws EngineError where the judge can't be asked anything; AbortError
 */
export async function probeJudge(
  judge: Judge,
  protocols: readonly JudgeProtocol[],
  signal?: AbortSignal,
): Promise<JudgeProbe> {
  const faults: JudgeFault[] = [];
  let [latencyMs, bytes, tokens] = [0, 0, 0];
  for (const protocol of protocols) {
    const { item, answers } = protocol.example;
    const question = protocol.questions(item, answers)[0]!;
    const startMs = performance.now();
    const trial = await tryQuestion(judge, question, signal);
    latencyMs = Math.max(latencyMs, performance.now() - startMs);
    const fault =
      trial instanceof EngineError ? await causeOf(trial, judge, protocol, signal) : faultOf(judge, protocol, trial);
    if (fault) faults.push({ protocol: protocol.name, ...fault });
    const promptTokens = 'replies' in trial ? (trial.replies[0]?.promptTokens ?? 0) : 0;
    if (promptTokens > 0) [bytes, tokens] = [bytes + promptBytes(question), tokens + promptTokens];
  }
  return { faults, latencyMs, bytesPerToken: tokens > 0 ? bytes / tokens : undefined };
}

/** What the server answers to this question alone is a finding. */
async function tryQuestion(
  judge: Judge,
  question: JudgeQuestion,
  signal: AbortSignal | undefined,
): Promise<Trial | EngineError> {
  const replies: TriedReply[] = [];
  let messages = question.messages;
  try {
    while (replies.length < MOST_REPLIES) {
      const reply = await judge.try(
        { ...question, maxTokens: Math.min(question.maxTokens, MOST_TOKENS), messages },
        signal,
      );
      replies.push(reply);
      if (question.parse(reply) !== undefined) return { replies, hasVerdict: true };
      messages = withReminder(messages, reply.text, question);
    }
    return { replies, hasVerdict: false };
  } catch (error) {
    if (!(error instanceof EngineError) || endsAll(error)) throw error;
    return error;
  }
}

/** Of a question that the server did not take: is it the probabilities that it does not know? */
async function causeOf(
  error: EngineError,
  judge: Judge,
  protocol: JudgeProtocol,
  signal: AbortSignal | undefined,
): Promise<Finding> {
  const { name, needsLogprobs } = protocol;
  const isPlainTaken = needsLogprobs && (await takesPlain(judge, protocol, signal));
  const what = isPlainTaken ? 'does not tell the probabilities of tokens, which' : 'does not answer what';
  return {
    code: isPlainTaken ? 'no-logprobs' : 'no-answer',
    message: `The judge ${judge.name} ${what} ${name} ${isPlainTaken ? 'needs' : 'asks'}: ${error.message}`,
  };
}

async function takesPlain(judge: Judge, protocol: JudgeProtocol, signal: AbortSignal | undefined): Promise<boolean> {
  const { item, answers } = protocol.example;
  const { messages, maxTokens } = protocol.questions(item, answers)[0]!;
  try {
    await judge.try({ messages, maxTokens }, signal);
    return true;
  } catch (error) {
    if (!(error instanceof EngineError) || endsAll(error)) throw error;
    return false;
  }
}

function faultOf({ name }: Judge, protocol: JudgeProtocol, trial: Trial): Finding | undefined {
  const last = trial.replies.at(-1)!;
  if (protocol.needsLogprobs && !last.likely?.some((tokens) => tokens.length > 0)) {
    return {
      code: 'no-logprobs',
      message: `The judge ${name} tells no probabilities of tokens, which ${protocol.name} needs: choose a judge whose server does.`,
    };
  }
  if (trial.hasVerdict) return undefined;
  const said = JSON.stringify(last.text.slice(0, MOST_QUOTED));
  return {
    code: 'no-verdict',
    message: `The judge ${name} gives no verdict in the form of ${protocol.name}, asked ${MOST_REPLIES} times (it said ${said}): choose a model that follows instructions better.`,
  };
}
