import type { ChatMessage } from '../core/prompt-format.ts';
import type { Failure } from '../recording/failure.ts';

/** A token that may stand at a place, with its natural logprob. */
export interface LikelyToken {
  readonly token: string;
  readonly logprob: number;
}

/** What a judge said. */
export interface JudgeReply {
  /** Without what the model thought aloud before it. */
  readonly text: string;
  /** Of each token, the likeliest that may stand there; undefined where none were asked for, or told. */
  readonly likely?: readonly (readonly LikelyToken[])[] | undefined;
}

/** What a judge is asked to get one verdict. */
export interface JudgeQuestion<Verdict = unknown> {
  readonly messages: readonly ChatMessage[];
  /** Most tokens of the reply. */
  readonly maxTokens: number;
  /** Default: 0. */
  readonly temperature?: number;
  /** So many of the likeliest tokens at each place of the reply, with their logprobs. Default: 0, none. */
  readonly topLogprobs?: number;
  /** Undefined where the reply holds no verdict. */
  readonly parse: (reply: JudgeReply) => Verdict | undefined;
  /** What the judge is told after a reply without a verdict, before it is asked again. */
  readonly reminder: string;
}

/** What came of one question. Without a verdict there is a failure, and the judge's last words where it said some. */
export type Judgment<Verdict = unknown> =
  | { readonly verdict: Verdict; readonly failure?: undefined; readonly words: string; readonly replies: number }
  | {
      readonly verdict?: undefined;
      readonly failure: Failure;
      readonly words: string | undefined;
      readonly replies: number;
    };

/** What a judge has done since it was opened. */
export interface JudgeTally {
  /** Replies that were asked for now, and those that were there from earlier runs. */
  readonly asked: number;
  readonly found: number;
  /** Of both, replies in which no verdict was found, and replies that are failures for another reason. */
  readonly withoutVerdict: number;
  readonly failed: number;
  /** Of the replies that were asked for now, as far as the server told. */
  readonly promptTokens: number;
  readonly completionTokens: number;
  /** What the server called the model that answered, each once. */
  readonly servedAs: readonly string[];
}

export interface AskOptions {
  /** Which of several judgments of the same question, from 1 on. Default: 1. */
  readonly repeat?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A model that gives verdicts. What it said once is kept, and it is not asked the same again. */
export interface Judge extends AsyncDisposable {
  /** As its server names it: stands with every number. */
  readonly name: string;
  readonly tally: JudgeTally;
  /** How many questions are put to it at the same time, at most. */
  readonly concurrency: number;
  /**
   * Asks for a verdict, again with the question's reminder while there is none. What goes wrong with one question is its
   * failure; it is kept, and made again only by a judge that was opened with `retryFailed`.
   *
   * @throws EngineError where nothing can be judged: the judge can't be reached, does not accept the key, is limited for
   *   longer than is waited, or failed 20 times in a row; WellbegunError from the disk; AbortError
   */
  ask<Verdict>(question: JudgeQuestion<Verdict>, options?: AskOptions): Promise<Judgment<Verdict>>;
  /** Asks without keeping the reply: for a trial. @throws as `ask`, and EngineError for what would be one question's failure */
  try(question: Omit<JudgeQuestion, 'parse' | 'reminder'>, signal?: AbortSignal): Promise<TriedReply>;
  /** Whether the first reply to a question is there already; equal questions have equal keys. Asks nobody. */
  lookUp(question: JudgeQuestion, repeat?: number): { readonly key: string; readonly isThere: boolean };
  close(): Promise<void>;
}

export interface TriedReply extends JudgeReply {
  /** As the server told. */
  readonly promptTokens: number | undefined;
}
