import { Interpreter, InterpreterEnded } from './interpreter.ts';
import type { Program, ProgramResult, SandboxLimits } from './program.ts';
import { CANDIDATE_SCRIPT } from './python/candidate-script.ts';
import { JUDGE_SCRIPT } from './python/judge-script.ts';
import { timeIsUp } from './time-is-up.ts';

const RESULT_CHARACTERS = 300;

/**
 * Checks one program after the other. Tests run in one process, the program in another; only arguments and values go
 * between them, as JSON, so nothing that the program does can say that its tests passed.
 */
export class ProgramChecker {
  readonly #timeoutMs: number;
  readonly #judge: Interpreter;
  readonly #candidate: Interpreter;
  /** The one that is to say something. */
  #busy: Interpreter;

  constructor(limits: SandboxLimits) {
    this.#timeoutMs = limits.timeoutMs;
    this.#judge = new Interpreter(JUDGE_SCRIPT, limits);
    this.#candidate = this.#busy = new Interpreter(CANDIDATE_SCRIPT, limits);
  }

  async check(program: Program): Promise<ProgramResult> {
    await Promise.all([this.#candidate.prepare(), this.#judge.prepare()]);
    const over = new AbortController();
    const late = this.#limitTime(over.signal);
    try {
      return (await this.#define(program)) ?? (await this.#test(program));
    } catch (error) {
      this.#judge.end();
      if (!(error instanceof InterpreterEnded)) throw error;
      return late.aborted ? { outcome: 'timed out', result: 'timed out' } : failed(error.message);
    } finally {
      over.abort();
      this.#candidate.end();
    }
  }

  /** Ends both processes; a check that runs fails. */
  close(): void {
    this.#candidate.kill();
    this.#judge.kill();
  }

  /** Kills what is busy when the time is up, unless the program is over. @returns a signal that says so */
  #limitTime(over: AbortSignal): AbortSignal {
    const late = new AbortController();
    const stop = () => {
      late.abort();
      this.#busy.kill();
    };
    const usedMs = async () => (await this.#judge.usedMs(over)) + (await this.#candidate.usedMs(over));
    timeIsUp(usedMs, this.#timeoutMs, over).then(stop, () => undefined);
    return late.signal;
  }

  /** @returns why the program has no function that could be tested */
  async #define({ prompt, completion, entryPoint }: Program): Promise<ProgramResult | undefined> {
    const reply = await this.#ask(this.#candidate, toAscii([`${prompt}${completion}\n`, entryPoint]));
    const [name, text] = raised(reply);
    return name === undefined ? undefined : failed(text ? `${name}: ${text}` : name);
  }

  async #test({ prompt, test, entryPoint }: Program): Promise<ProgramResult> {
    let line = toAscii([prompt, test, entryPoint]);
    for (;;) {
      const message = await this.#ask(this.#judge, line);
      if (!message.startsWith('[')) return verdict(JSON.parse(message) as { failed?: string });
      line = (await this.#ask(this.#candidate, message)) || 'null';
    }
  }

  async #ask(interpreter: Interpreter, line: string): Promise<string> {
    this.#busy = interpreter;
    interpreter.send(line);
    return await interpreter.receive();
  }
}

/** What the judge says at the end; a list is a call of the program's function. */
function verdict(message: { readonly failed?: string }): ProgramResult {
  return message.failed === undefined ? { outcome: 'passed', result: 'passed' } : failed(message.failed);
}

/** The exception that a program's reply names, which the program may have made up. */
function raised(reply: string): string[] {
  try {
    const { raised = [] } = JSON.parse(reply) as { raised?: unknown[] };
    return raised.map(String);
  } catch {
    return ['its reply is none'];
  }
}

/** JSON in ASCII: lines go as bytes. */
function toAscii(value: unknown): string {
  return JSON.stringify(value).replace(/[\u0080-\uffff]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

function failed(reason: string): ProgramResult {
  const line = `failed: ${reason}`.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ');
  return { outcome: 'failed', result: line.length > RESULT_CHARACTERS ? `${line.slice(0, RESULT_CHARACTERS)}…` : line };
}
