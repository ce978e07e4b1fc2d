import { OUTPUT_FAILED } from './output/watch-output.ts';
import { INTERRUPTED } from './report-error.ts';

/** Two requests so far apart mean it: whatever still runs (a large model's loading can't be stopped) ends. */
const IMPATIENCE_MS = 1000;

/** A signal that Ctrl-C, a request to terminate, or a closed output aborts. Disposing gives Ctrl-C back. */
export class Interrupt implements Disposable {
  readonly #controller = new AbortController();
  #firstMs: number | undefined;

  readonly #onSignal = () => {
    if (this.#firstMs !== undefined && performance.now() - this.#firstMs > IMPATIENCE_MS) process.exit(INTERRUPTED);
    this.#firstMs ??= performance.now();
    this.#abort();
  };
  readonly #abort = () => this.#controller.abort(new DOMException('Interrupted', 'AbortError'));

  constructor() {
    process.on('SIGINT', this.#onSignal);
    process.on('SIGTERM', this.#onSignal);
    OUTPUT_FAILED.addEventListener('abort', this.#abort);
    if (OUTPUT_FAILED.aborted) this.#abort();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  [Symbol.dispose](): void {
    process.off('SIGINT', this.#onSignal);
    process.off('SIGTERM', this.#onSignal);
    OUTPUT_FAILED.removeEventListener('abort', this.#abort);
  }
}
