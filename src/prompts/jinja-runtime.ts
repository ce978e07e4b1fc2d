import * as jinja from '@huggingface/jinja';

export interface JinjaEnvironment {
  set(name: string, value: unknown): unknown;
}

export interface JinjaInterpreter {
  readonly global: JinjaEnvironment;
  run(program: unknown): { readonly value: unknown };
  evaluate(statement: unknown, environment: JinjaEnvironment): { readonly value: unknown };
}

export interface JinjaToken {
  readonly type: string;
}

interface JinjaRuntime {
  readonly Environment: new () => JinjaEnvironment;
  readonly Interpreter: new (global: JinjaEnvironment) => JinjaInterpreter;
  readonly tokenize: (source: string) => readonly JinjaToken[];
}

/** With types of our own: the library's are in files that TypeScript can't find, named without their extension. */
export const { Environment, Interpreter, tokenize } = jinja as unknown as JinjaRuntime;
