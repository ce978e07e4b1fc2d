import * as jinja from '@huggingface/jinja';

export interface JinjaEnvironment {
  set(name: string, value: unknown): unknown;
  setVariable(name: string, value: JinjaValue): JinjaValue;
  lookupVariable(name: string): JinjaValue;
}

/** A value of a template; `value` is what its `type` says: a string, a number, a list of values, a `Map` … */
export interface JinjaValue {
  readonly type: string;
  readonly value: unknown;
  __bool__(): { readonly value: boolean };
}

export interface JinjaNode {
  readonly type: string;
}

export interface JinjaInterpreter {
  readonly global: JinjaEnvironment;
  run(program: unknown): JinjaValue;
  evaluate(statement: unknown, environment: JinjaEnvironment): JinjaValue;
  evaluateArguments(args: readonly unknown[], environment: JinjaEnvironment): [JinjaValue[], Map<string, JinjaValue>];
  evaluateSliceExpression(object: JinjaValue, slice: JinjaNode, environment: JinjaEnvironment): JinjaValue;
  evaluateCallExpression(call: JinjaNode, environment: JinjaEnvironment): JinjaValue;
  evaluateMacro(macro: JinjaNode, environment: JinjaEnvironment): JinjaValue;
}

export interface JinjaToken {
  readonly type: string;
  readonly value: string;
}

interface JinjaRuntime {
  readonly Environment: new (parent?: JinjaEnvironment) => JinjaEnvironment;
  readonly Interpreter: new (global: JinjaEnvironment) => JinjaInterpreter;
  readonly tokenize: (source: string, options?: object) => readonly JinjaToken[];
  readonly parse: (tokens: readonly JinjaToken[]) => JinjaNode;
}

/** With types of our own: the library's are in files that TypeScript can't find, named without their extension. */
export const { Environment, Interpreter, tokenize, parse } = jinja as unknown as JinjaRuntime;
