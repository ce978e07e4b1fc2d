const CTRL_C = '\u0003';

/** Keeps what is typed before the first question off the screen, where it would tear progress apart. */
export class TypedAhead {
  #text = '';
  readonly #isTyped = process.stdin.isTTY;

  readonly #onData = (bytes: Buffer) => {
    const text = bytes.toString('utf8');
    if (text.includes(CTRL_C)) process.kill(process.pid, 'SIGINT');
    this.#text += text.replaceAll(CTRL_C, '');
  };

  constructor() {
    if (this.#isTyped) process.stdin.setRawMode(true).on('data', this.#onData).resume();
  }

  get text(): string {
    return this.#text;
  }

  /** Gives the terminal back. */
  stop(): void {
    if (this.#isTyped) process.stdin.off('data', this.#onData).setRawMode(false).pause();
  }
}
