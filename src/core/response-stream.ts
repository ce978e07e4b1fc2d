import { firstStop } from './first-stop.ts';
import { Utf8Stream } from './utf8-stream.ts';
import type { FinishReason } from './language-model.ts';
import type { HandBackEvent, ModelSwitchEvent, TokenEvent } from './decode-event.ts';

export type ResponseEvent = TokenEvent | ModelSwitchEvent | HandBackEvent;

/**
 * The response as far as it may be shown: gives out token events in order, each once its text can't be part of a stop
 * string any more. A stop string and everything after it is dropped, also where it began in an earlier token.
 */
export class ResponseStream {
  readonly #stops: readonly string[];
  readonly #formStops: readonly string[];
  readonly #utf8 = new Utf8Stream();
  #waiting: ResponseEvent[] = [];
  #heldText = '';
  #stopped = false;

  /** @param formStops stop strings of the prompt's form, of which no part is the response's, besides those of the request */
  constructor(stops: readonly string[], formStops: readonly string[] = []) {
    this.#formStops = formStops.filter((stop) => stop !== '');
    this.#stops = [...this.#formStops, ...stops.filter((stop) => stop !== '')];
  }

  /** True once a stop string was found: the response is complete. */
  get stopped(): boolean {
    return this.#stopped;
  }

  pushToken(token: Omit<TokenEvent, 'type' | 'text'>, bytes: Uint8Array): ResponseEvent[] {
    if (this.#stopped) return [];
    const text = this.#utf8.push(bytes);
    this.#waiting.push({ type: 'token', ...token, text });
    this.#heldText += text;
    const stopAt = firstStop(this.#heldText, this.#stops);
    if (stopAt !== undefined) return this.#stopAt(stopAt);
    return this.#release(this.#heldText.length - longestPartialMatch(this.#heldText, this.#stops));
  }

  /** A change of hands keeps its place among the tokens. */
  pushSwitch(event: ModelSwitchEvent | HandBackEvent): ResponseEvent[] {
    this.#waiting.push(event);
    return this.#heldText === '' ? this.#release(0) : [];
  }

  /**
   * What was still held back: no stop string came of it. Where a limit cut the text in a stop string of the form, what is
   * there of it is dropped, unless it is blank: one token more would have dropped it.
   */
  end(reason: FinishReason): ResponseEvent[] {
    const { length } = this.#heldText;
    const begun = length - longestPartialMatch(this.#heldText, this.#formStops);
    const isCut = (reason === 'length' || reason === 'loop') && this.#heldText.slice(begun).trim() !== '';
    return this.#cutAt(isCut ? begun : length);
  }

  #release(length: number): ResponseEvent[] {
    const released: ResponseEvent[] = [];
    let end = 0;
    for (const event of this.#waiting) {
      const next = end + textOf(event).length;
      if (next > length) break;
      end = next;
      released.push(event);
    }
    this.#waiting = this.#waiting.slice(released.length);
    this.#heldText = this.#heldText.slice(end);
    return released;
  }

  #stopAt(position: number): ResponseEvent[] {
    this.#stopped = true;
    return this.#cutAt(position);
  }

  /** The text up to there, with all events that are no tokens. */
  #cutAt(position: number): ResponseEvent[] {
    const released = this.#release(position);
    const [cut, ...dropped] = this.#waiting;
    const rest = this.#heldText.slice(0, position - released.reduce((sum, event) => sum + textOf(event).length, 0));
    if (cut?.type === 'token' && rest !== '') released.push({ ...cut, text: rest });
    released.push(...[cut, ...dropped].filter((event) => event !== undefined && event.type !== 'token'));
    this.#waiting = [];
    this.#heldText = '';
    return released;
  }
}

function textOf(event: ResponseEvent): string {
  return event.type === 'token' ? event.text : '';
}

/** Length of the longest end of `text` that begins some stop string. */
function longestPartialMatch(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) longest = length;
    }
  }
  return longest;
}
