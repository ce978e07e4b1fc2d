import * as jinja from '@huggingface/jinja';

export interface JinjaEnvironment {
  set(name: string, value: unknown): unknown;
}

export interface JinjaInterpreter {
  readonly global: JinjaEnvironment;
  run(program: unknown): { readonly value: unknown };
  evaluate(statement: unknown, environment: JinjaEnvironment): { readonly value: unknown };
}

interface JinjaRuntime {
  readonly Environment: new () => JinjaEnvironment;
  readonly Interpreter: new (global: JinjaEnvironment) => JinjaInterpreter;
}

/** With types of our own: the library's are in files that TypeScript can't find, named without their extension. */
export const { Environment, Interpreter } = jinja as unknown as JinjaRuntime;
