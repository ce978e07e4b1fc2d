import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { EngineError } from '../core/errors.ts';
import type { SandboxLimits } from './program.ts';
import { splitLines } from './split-lines.ts';
import { startProcess } from './start-process.ts';

/** How long a process may take to have an interpreter ready: a third of a second on an idle machine. */
const START_MS = 60_000;
/** How long an interpreter that waits may take to end. */
const END_MS = 1_000;
const STDERR_CHARACTERS = 2_000;

/** An interpreter ended before it answered. The message says why, in one line. */
export class InterpreterEnded extends Error {}

/**
 * A process that has one Python interpreter after the other, a fresh one for each program. Its lines are those of
 * `inside/interpreter-process.ts`. They are read as they are asked for, so that a flood of them waits outside.
 */
export class Interpreter {
  readonly #script: string;
  readonly #limits: SandboxLimits;
  #process: ChildProcess | undefined;
  #lines: AsyncGenerator<string, void> | undefined;
  #stderr = '';
  /** The number of the interpreter that is at work. */
  #number: string | undefined;
  #isEnding = false;

  constructor(script: string, limits: SandboxLimits) {
    this.#script = script;
    this.#limits = limits;
  }

  /** Waits until an interpreter is there: the one at work, or a fresh one. A process that has gone is started anew. */
  async prepare(): Promise<void> {
    if (this.#number !== undefined) return;
    if (this.#isEnding) await this.#within(END_MS, () => this.#next('e')).catch(ignoreEnd);
    this.#isEnding = false;
    if (!this.#process) await this.#start();
    try {
      this.#number = await this.#within(START_MS, () => this.#next('w'));
    } catch (cause) {
      const message = `The sandbox could not start Python: ${this.#stderr.trim() || String(cause)}`;
      throw new EngineError('sandbox', 'sandbox-failed', message, { cause });
    }
  }

  /** Says one line to the interpreter that was prepared. */
  send(text: string): void {
    this.#process?.stdin?.write(`${this.#number} ${text}\n`, 'latin1');
  }

  /** @returns the next line that the interpreter says, which it may make up as it likes @throws InterpreterEnded */
  async receive(): Promise<string> {
    return await this.#next('a');
  }

  /** Ends the interpreter: the next program gets a fresh one. One that does not wait for a line is ended by force. */
  end(): void {
    if (this.#number === undefined) return;
    this.send('');
    this.#number = undefined;
    this.#isEnding = true;
  }

  /** @returns what the process has had of processors since its start, in milliseconds */
  async usedMs(signal: AbortSignal): Promise<number> {
    const watch = this.#process?.stdio[3] as Duplex;
    watch.write('?');
    return Number(String((await once(watch, 'data', { signal }))[0]));
  }

  /** Ends the process, whatever it does. */
  kill(): void {
    this.#process?.kill('SIGKILL');
    this.#process = this.#number = undefined;
    this.#isEnding = false;
  }

  async #start(): Promise<void> {
    const child = await startProcess(this.#script, this.#limits);
    this.#process = child;
    this.#stderr = '';
    const note = (text: unknown) => (this.#stderr = `${this.#stderr}${String(text)}`.slice(-STDERR_CHARACTERS));
    child.on('error', note);
    child.stderr!.on('data', note);
    for (const stream of child.stdio) stream?.on('error', () => undefined);
    this.#lines = splitLines(child.stdout!, this.#limits.outputBytes);
  }

  /** The text of the next line of a kind. Other lines are those of an interpreter that was ended. */
  async #next(kind: 'w' | 'a' | 'e'): Promise<string> {
    for (;;) {
      const { value: line } = await this.#lines!.next();
      if (line === undefined) {
        this.kill();
        throw new InterpreterEnded('its process ended');
      }
      const text = line.slice(2);
      if (line[0] === kind) return text;
      if (line[0] !== 'e') continue;
      this.#number = undefined;
      if (kind === 'a') throw new InterpreterEnded(text);
    }
  }

  async #within<T>(timeMs: number, work: () => Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.kill(), timeMs);
    try {
      return await work();
    } finally {
      clearTimeout(timer);
    }
  }
}

function ignoreEnd(error: unknown): void {
  if (!(error instanceof InterpreterEnded)) throw error;
}
