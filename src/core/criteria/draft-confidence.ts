import type { DraftPiece } from '../draft-writer.ts';
import type { FinishReason } from '../language-model.ts';
import type { SwitchDetector } from '../switch-criterion.ts';

/** Some bytes of the draft, and what is left of the logprob of the piece that they belong to. */
interface Span {
  bytes: number;
  logprob: number;
}

/**
 * The draft's own confidence in the text of each base token. The logprob of a drafted piece is spread evenly over its
 * bytes, and a base token takes that of the bytes that it covers, so the sums over a text agree however two tokenizers
 * cut it. A piece without text yet (half a character) counts for the one that completes it; where the writer told no
 * logprob it is NaN. Both sides must be read in order.
 */
export class DraftConfidence {
  readonly #encoder = new TextEncoder();
  #spans: Span[] = [];
  #withoutText = 0;

  /** The same pieces, noted while they pass. */
  async *listen(
    pieces: AsyncGenerator<DraftPiece, FinishReason, void>,
  ): AsyncGenerator<DraftPiece, FinishReason, void> {
    try {
      for (;;) {
        const next = await pieces.next();
        if (next.done) return next.value;
        this.#note(next.value);
        yield next.value;
      }
    } finally {
      await pieces.return('stop');
    }
  }

  /** The same detector, told of each token what the draft thought of its text. */
  tell(detector: SwitchDetector): SwitchDetector {
    return { push: (token) => detector.push({ ...token, draftLogprob: this.take(token.bytes) }) };
  }

  /** ln of the draft's probability of the next bytes of its text. */
  take(bytes: Uint8Array): number {
    let open = bytes.length;
    let logprob = 0;
    while (open > 0) {
      const span = this.#spans[0];
      if (!span) return Number.NaN;
      const taken = Math.min(open, span.bytes);
      const part = span.logprob * (taken / span.bytes);
      logprob += part;
      open -= taken;
      if (taken === span.bytes) this.#spans.shift();
      else this.#spans[0] = { bytes: span.bytes - taken, logprob: span.logprob - part };
    }
    return logprob;
  }

  #note({ text, logprob = Number.NaN }: DraftPiece): void {
    const bytes = this.#encoder.encode(text).length;
    if (bytes === 0) {
      this.#withoutText += logprob;
      return;
    }
    this.#spans.push({ bytes, logprob: logprob + this.#withoutText });
    this.#withoutText = 0;
  }
}
