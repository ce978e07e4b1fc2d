import PQueue from 'p-queue';
import { EngineError } from '../core/errors.ts';
import type { ChatEndpoint, ChatQuestion } from '../engines/chat/chat-endpoint.ts';
import type { ChatAnswer } from '../engines/chat/chat-replies.ts';
import { EngineHealth } from '../recording/engine-health.ts';
import { failureOf } from '../recording/failure.ts';
import type { BusyJudge } from './busy-judge.ts';
import { endsAll } from './ends-all.ts';
import type { AskOptions, Judge, JudgeQuestion, JudgeReply, JudgeTally, Judgment, TriedReply } from './judge.ts';
import { type Asked, replyKey, type ReplyStore, type StoredReply } from './reply-store.ts';
import { Tally } from './tally.ts';
import { NO_VERDICT, noVerdict, refusalOf } from './verdict-failures.ts';
import { withReminder } from './with-reminder.ts';
import { withoutThoughts } from './without-thoughts.ts';

export interface JudgeParts {
  readonly endpoint: ChatEndpoint;
  readonly store: ReplyStore;
  readonly busy: BusyJudge;
  readonly concurrency: number;
  /** Most replies to one question. */
  readonly mostReplies: number;
}

/** Asks only what its store does not have. Every reply is kept as soon as it is there. */
export class KeptJudge implements Judge {
  readonly name: string;
  readonly concurrency: number;
  readonly #parts: JudgeParts;
  readonly #queue: PQueue;
  readonly #tally = new Tally();
  readonly #health = new EngineHealth({ items: 'questions to the judge', run: 'judging was' });
  /** Replies on their way, by key: the same question at the same time is asked once. */
  readonly #pending = new Map<string, Promise<StoredReply>>();

  constructor(parts: JudgeParts) {
    this.#parts = parts;
    this.name = parts.endpoint.model;
    this.concurrency = parts.concurrency;
    this.#queue = new PQueue({ concurrency: parts.concurrency });
  }

  get tally(): JudgeTally {
    return this.#tally.counts;
  }

  async ask<Verdict>(
    question: JudgeQuestion<Verdict>,
    { repeat = 1, signal }: AskOptions = {},
  ): Promise<Judgment<Verdict>> {
    let messages = question.messages;
    for (let replies = 1; ; replies++) {
      const isLast = replies >= this.#parts.mostReplies;
      const { reply, failure } = await this.#reply({ ...question, messages }, { repeat, isLast, signal });
      const verdict = reply && question.parse(reply);
      if (verdict !== undefined) return { verdict, words: reply!.text, replies };
      // An earlier run may have been allowed fewer replies.
      const wasLast = failure?.code === NO_VERDICT && !isLast;
      if (!wasLast && (failure !== undefined || isLast)) {
        return { failure: failure ?? noVerdict(reply!), words: reply?.text, replies };
      }
      messages = withReminder(messages, reply!.text, question);
    }
  }

  async try(question: Omit<JudgeQuestion, 'parse' | 'reminder'>, signal?: AbortSignal): Promise<TriedReply> {
    const answer = await this.#answer(toChatQuestion(question), signal);
    return { ...toReply(answer), promptTokens: answer.promptTokens };
  }

  lookUp(question: JudgeQuestion, repeat = 1): { readonly key: string; readonly isThere: boolean } {
    const key = replyKey(this.#asked(question, repeat));
    return { key, isThere: this.#parts.store.get(key) !== undefined };
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#pending.values());
    await this.#parts.endpoint.close();
    await this.#parts.store.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #asked(question: JudgeQuestion, repeat: number): Asked {
    const { endpoint } = this.#parts;
    const { messages, maxTokens, temperature, topLogprobs = 0 } = toChatQuestion(question);
    return {
      judge: { model: endpoint.model, url: endpoint.url },
      repeat,
      request: { messages: [...messages], maxTokens, temperature, topLogprobs },
    };
  }

  /** From the store, from whoever asks the same now, or from the judge. */
  async #reply(question: JudgeQuestion, { repeat, isLast, signal }: Turn): Promise<StoredReply> {
    const asked = this.#asked(question, repeat);
    const key = replyKey(asked);
    const stored = this.#parts.store.get(key);
    if (stored) {
      this.#tally.found(stored, stored.reply !== undefined && question.parse(stored.reply) !== undefined);
      return stored;
    }
    return await (this.#pending.get(key) ?? this.#make(key, asked, () => this.#said(question, isLast, signal), signal));
  }

  #make(
    key: string,
    asked: Asked,
    say: () => Promise<StoredReply>,
    signal: AbortSignal | undefined,
  ): Promise<StoredReply> {
    const work = async () => {
      const line = { key, ...asked, ...(await say()) };
      await this.#parts.store.add(line);
      this.#health.check();
      return line;
    };
    // A place is free again once the reply is kept: a kill costs no more replies than there are places.
    const pending = this.#queue.add(work, signal && { signal }).finally(() => this.#pending.delete(key));
    this.#pending.set(key, pending);
    return pending;
  }

  /** A failure is the question's own, unless it would be everyone's. */
  async #said(question: JudgeQuestion, isLast: boolean, signal: AbortSignal | undefined): Promise<StoredReply> {
    try {
      const answer = await this.#answer(toChatQuestion(question), signal);
      this.#health.note();
      const reply = toReply(answer);
      const hasVerdict = question.parse(reply) !== undefined;
      const failure = hasVerdict ? undefined : (refusalOf(answer) ?? (isLast ? noVerdict(reply) : undefined));
      const said = { reply: { ...reply, finishReason: answer.finishReason, servedAs: answer.servedAs }, failure };
      this.#tally.asked(said, hasVerdict, answer);
      return said;
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof EngineError) || endsAll(error)) throw error;
      // A server that refuses a question is no broken one.
      this.#health.note(error.code === 'refused' ? undefined : error);
      const said = { failure: failureOf(error) };
      this.#tally.asked(said, false);
      return said;
    }
  }

  async #answer(question: ChatQuestion, signal: AbortSignal | undefined): Promise<ChatAnswer> {
    const { endpoint, busy } = this.#parts;
    return await busy.run(() => endpoint.ask(question, signal), signal);
  }
}

interface Turn {
  readonly repeat: number;
  /** No reminder follows. */
  readonly isLast: boolean;
  readonly signal: AbortSignal | undefined;
}

function toChatQuestion({
  messages,
  maxTokens,
  temperature = 0,
  topLogprobs,
}: Omit<JudgeQuestion, 'parse' | 'reminder'>) {
  return { messages: messages, maxTokens, temperature, topLogprobs };
}

function toReply({ text, likely }: ChatAnswer): JudgeReply {
  return { text: withoutThoughts(text), likely };
}
