import type { DecodeEvent, DecodeTrace, HandBackEvent, TokenEvent } from './decode-event.ts';

export type { DecodeTrace };

type Ending = Pick<DecodeTrace, 'finishReason' | 'usage' | 'timings' | 'prompt'>;

/** Collects the events of one response; `end` gives the trace. */
export class TraceBuilder {
  readonly #tokens: Omit<TokenEvent, 'type'>[] = [];
  #strategy = '';
  #models: DecodeTrace['models'] = {};
  #switch: DecodeTrace['switch'];
  readonly #handBacks: Omit<HandBackEvent, 'type'>[] = [];

  add(event: Exclude<DecodeEvent, { type: 'decode-end' }>): void {
    switch (event.type) {
      case 'decode-start':
        this.#strategy = event.strategy;
        this.#models = event.models;
        break;
      case 'token':
        this.#tokens.push(withoutType(event));
        break;
      case 'model-switch':
        this.#switch ??= withoutType(event);
        break;
      case 'hand-back':
        this.#handBacks.push(withoutType(event));
        break;
    }
  }

  end(ending: Ending): DecodeTrace {
    return {
      text: this.#tokens.map((token) => token.text).join(''),
      strategy: this.#strategy,
      models: this.#models,
      switch: this.#switch,
      ...(this.#handBacks.length > 0 && { handBacks: this.#handBacks }),
      tokens: this.#tokens,
      ...ending,
    };
  }
}

function withoutType<E extends { type: string }>(event: E): Omit<E, 'type'> {
  const rest: Omit<E, 'type'> & { type?: string } = { ...event };
  delete rest.type;
  return rest;
}
