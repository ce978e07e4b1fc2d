import type { FinishReason, GeneratedToken, TokenId } from '../../../core/language-model.ts';
import type { LlamaContext } from '../llama-context.ts';
import type { RowReader } from '../log-softmax/row-reader.ts';
import type { Sampler } from './sampler.ts';

/** Notes the model's own logprob of each token that is drawn, before temperature and penalties. */
export class NotingSampler implements Sampler {
  readonly #sampler: Sampler;
  readonly #context: LlamaContext;
  readonly #rows: RowReader;
  readonly #noted: number[] = [];

  constructor(sampler: Sampler, context: LlamaContext, rows: RowReader) {
    this.#sampler = sampler;
    this.#context = context;
    this.#rows = rows;
  }

  sample(batchIndex: number): TokenId {
    const token = this.#sampler.sample(batchIndex);
    this.#noted.push(this.#rows.logprob(this.#context.row(batchIndex), token));
    return token;
  }

  /** Every drawn token is yielded, in the order of drawing. */
  async *addTo(
    tokens: AsyncGenerator<GeneratedToken, FinishReason, void>,
  ): AsyncGenerator<GeneratedToken, FinishReason, void> {
    try {
      for (;;) {
        const next = await tokens.next();
        if (next.done) return next.value;
        yield { ...next.value, logprob: this.#noted.shift()! };
      }
    } finally {
      await tokens.return('stop');
    }
  }

  close(): void {
    this.#sampler.close();
  }
}
