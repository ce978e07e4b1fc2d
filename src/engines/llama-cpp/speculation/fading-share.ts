export interface FadingShareOptions {
  /** The share to expect at first, 0 to 1, and as how many cases that counts. */
  readonly expected: number;
  readonly weight: number;
  /** What is left of the weight of older cases at each step, 0 to 1. */
  readonly memory: number;
}

/** How many of the cases held, the latest ones counting most. */
export class FadingShare {
  readonly #memory: number;
  #held: number;
  #all: number;

  constructor({ expected, weight, memory }: FadingShareOptions) {
    this.#memory = memory;
    this.#held = expected * weight;
    this.#all = weight;
  }

  /** 0 to 1. */
  get value(): number {
    return this.#held / this.#all;
  }

  /** One step: `held` of `all` further cases did. */
  record(held: number, all: number): void {
    this.#held = this.#held * this.#memory + held;
    this.#all = this.#all * this.#memory + all;
  }
}
