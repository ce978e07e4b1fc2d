import koffi from 'koffi';

export type NativeLogLevel = 'debug' | 'info' | 'warn' | 'error';
export type NativeLogSink = (level: NativeLogLevel, message: string) => void;

/** GGML_LOG_LEVEL_*; 5 continues the line before. */
const LEVELS: Readonly<Record<number, NativeLogLevel>> = { 1: 'debug', 2: 'info', 3: 'warn', 4: 'error' };
const CONTINUE = 5;
/** Lines kept for the message of a failure that follows. */
const KEPT_ERRORS = 8;

export const LOG_CALLBACK = koffi.proto('void ggml_log_callback(int level, const char *text, void *user_data)');

/**
 * Takes llama.cpp's log lines off the terminal. Lines can come from the library's own threads: koffi runs the callback
 * on the main thread, which is free because every long native call is asynchronous.
 */
export class NativeLog {
  sink: NativeLogSink = () => undefined;
  #level: NativeLogLevel = 'info';
  #line = '';
  #errors: string[] = [];

  /** For `llama_log_set`. */
  readonly callback = koffi.register(
    (level: number, text: string) => this.#receive(level, text),
    koffi.pointer(LOG_CALLBACK),
  );

  /** The last error lines since this was called before. */
  takeErrors(): string[] {
    const errors = this.#errors;
    this.#errors = [];
    return errors;
  }

  #receive(level: number, text: string): void {
    if (level !== CONTINUE) this.#level = LEVELS[level] ?? 'debug';
    this.#line += text;
    const lines = this.#line.split('\n');
    this.#line = lines.pop() ?? '';
    for (const line of lines) this.#write(line.trim());
  }

  #write(line: string): void {
    if (line === '') return;
    if (this.#level === 'error') this.#errors = [...this.#errors, line].slice(-KEPT_ERRORS);
    this.sink(this.#level, line);
  }
}
