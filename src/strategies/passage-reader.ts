import { endsSentence } from '../core/ends-sentence.ts';
import type { FinishReason, GeneratedToken } from '../core/language-model.ts';
import type { GrowingResponse } from './growing-response.ts';

/**
 * Tokens after which a passage without an end is looked at all the same, so that a response can't stall; and how many
 * more may end its last character.
 */
const LONGEST = 128;
const REST_OF_CHARACTER = 3;

export interface Passage {
  readonly tokens: readonly GeneratedToken[];
  /** The response with them, up to a stop string where they have one. */
  readonly text: string;
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
    const tokens: GeneratedToken[] = [];
    let text = this.#response.text;
    let sentenceStart = text.length;
    for (let ends = 0; ends < sentences && !this.#isLong(tokens);) {
      const next = await this.#generated.next();
      if (next.done) return { tokens, text, end: next.value };
      tokens.push(next.value);
      const bytes = tokens.map((token) => token.bytes);
      text = this.#response.textWith(bytes);
      const stop = this.#stopIn(text);
      if (stop !== undefined) return { tokens, text: text.slice(0, stop), end: 'stop' };
      const sentence = text.slice(sentenceStart);
      if (sentence.trim() === '' || !endsSentence(sentence.slice(-32)) || !this.#response.isWholeWith(bytes)) continue;
      ends++;
      sentenceStart = text.length;
    }
    return { tokens, text, end: undefined };
  }

  /** Whether a passage must end here, be it without an end. */
  #isLong(tokens: readonly GeneratedToken[]): boolean {
    if (tokens.length < LONGEST) return false;
    return tokens.length >= LONGEST + REST_OF_CHARACTER || this.#response.isWholeWith(tokens.map(({ bytes }) => bytes));
  }

  async close(): Promise<void> {
    await this.#generated.return('stop');
  }

  /** Where a stop string begins that was not in the response before. */
  #stopIn(text: string): number | undefined {
    const { stops, text: before } = this.#response;
    const found = stops
      .map((stop) => text.indexOf(stop, Math.max(0, before.length - stop.length + 1)))
      .filter((index) => index >= 0);
    return found.length === 0 ? undefined : Math.min(...found);
  }
}
