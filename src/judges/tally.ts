import type { JudgeTally } from './judge.ts';
import type { StoredReply } from './reply-store.ts';
import { NO_VERDICT } from './verdict-failures.ts';

interface Tokens {
  readonly promptTokens?: number | undefined;
  readonly completionTokens?: number | undefined;
}

/** Counts replies. */
export class Tally {
  #asked = 0;
  #found = 0;
  #withoutVerdict = 0;
  #failed = 0;
  #promptTokens = 0;
  #completionTokens = 0;
  readonly #servedAs = new Set<string>();

  get counts(): JudgeTally {
    return {
      asked: this.#asked,
      found: this.#found,
      withoutVerdict: this.#withoutVerdict,
      failed: this.#failed,
      promptTokens: this.#promptTokens,
      completionTokens: this.#completionTokens,
      servedAs: [...this.#servedAs],
    };
  }

  asked(reply: StoredReply, hasVerdict: boolean, { promptTokens = 0, completionTokens = 0 }: Tokens = {}): void {
    this.#asked++;
    this.#promptTokens += promptTokens;
    this.#completionTokens += completionTokens;
    this.#count(reply, hasVerdict);
  }

  found(reply: StoredReply, hasVerdict: boolean): void {
    this.#found++;
    this.#count(reply, hasVerdict);
  }

  #count({ reply, failure }: StoredReply, hasVerdict: boolean): void {
    if (reply?.servedAs !== undefined) this.#servedAs.add(reply.servedAs);
    if (hasVerdict) return;
    if (failure === undefined || failure.code === NO_VERDICT) this.#withoutVerdict++;
    else this.#failed++;
  }
}
