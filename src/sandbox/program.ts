/** A function that a model wrote, and the tests that judge it, as HumanEval has them. */
export interface Program {
  /** Source that the model was given. Where it is whole but for a body at its end, the tests can use what it defines. */
  readonly prompt: string;
  /** What the model wrote: `prompt + completion` is the whole program. */
  readonly completion: string;
  /** Trusted source that defines `check(candidate)`. */
  readonly test: string;
  /** The name of the function that is tested. */
  readonly entryPoint: string;
}

export interface ProgramResult {
  readonly outcome: 'passed' | 'failed' | 'timed out';
  /** The outcome in one line, in the words of HumanEval's own harness: `passed`, `timed out`, `failed: …`. */
  readonly result: string;
}

export interface SandboxLimits {
  /**
   * Time of one program with its tests, in milliseconds, without the start of the interpreter: by the clock, and on a
   * machine that is busy with other things as much of a processor.
   */
  readonly timeoutMs: number;
  /** Memory of the interpreter that runs the program, in bytes; up to 4 GiB. */
  readonly memoryBytes: number;
  /** What a program may print, and return to its tests, together, in bytes. */
  readonly outputBytes: number;
}
