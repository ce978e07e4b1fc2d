import { endsSentence } from '../core/ends-sentence.ts';
import { firstStop } from '../core/first-stop.ts';
import type { GrowingResponse } from '../core/kit/growing-response.ts';
import type { FinishReason, GeneratedToken } from '../core/language-model.ts';

/**
 * Tokens after which a passage without an end is looked at all the same, so that a response can't stall; and how many
 * more may end its last character.
 */
const LONGEST = 128;
const REST_OF_CHARACTER = 3;

export interface Passage {
  /** The response with it. */
  readonly response: GrowingResponse;
  /** Its text, up to a stop string where the passage has one. */
  readonly text: string;
  /** Tokens of the passage. */
  readonly length: number;
  /** Their ln P, where the base was asked for it. */
  readonly logprobs: readonly number[];
  /** Why nothing follows, where nothing does. */
  readonly end: FinishReason | undefined;
}

/** What a model writes after a response, by sentences. */
export class PassageReader {
  readonly #generated: AsyncGenerator<GeneratedToken, FinishReason, void>;
  readonly #response: GrowingResponse;

  constructor(generated: AsyncGenerator<GeneratedToken, FinishReason, void>, response: GrowingResponse) {
    this.#generated = generated;
    this.#response = response;
  }

  /** Up to the end of so many sentences or lines that are not blank, or of the text. */
  async next(sentences: number): Promise<Passage> {
    const response = this.#response.fork();
    const logprobs: number[] = [];
    const passage = (end?: FinishReason, text = response.text): Passage => {
      return { response, text, length: response.written - this.#response.written, logprobs, end };
    };
    let sentenceStart = response.text.length;
    for (let ends = 0; ends < sentences && !this.#isLong(response);) {
      const next = await this.#generated.next();
      if (next.done) return passage(next.value);
      response.add(next.value);
      logprobs.push(next.value.logprob ?? 0);
      const { text } = response;
      const stop = firstStop(text, response.stops, this.#response.text.length);
      if (stop !== undefined) return passage('stop', text.slice(0, stop));
      const sentence = text.slice(sentenceStart);
      if (sentence.trim() === '' || !endsSentence(sentence.slice(-32)) || !response.isWhole) continue;
      ends++;
      sentenceStart = text.length;
    }
    return passage();
  }

  /** Whether a passage must end here, be it without an end. */
  #isLong(passage: GrowingResponse): boolean {
    const length = passage.written - this.#response.written;
    return length >= LONGEST && (length >= LONGEST + REST_OF_CHARACTER || passage.isWhole);
  }

  async close(): Promise<void> {
    await this.#generated.return('stop');
  }
}
