import { Environment, Interpreter, type JinjaEnvironment, type JinjaValue } from '../jinja-runtime.ts';

type Made = new (value?: unknown) => JinjaValue;

/** The library keeps the classes of its values to itself: they are taken from values that it makes. */
const environment = new Environment();
const interpreter = new Interpreter(environment);
const classOf = (node: unknown) => interpreter.evaluate(node, environment).constructor as Made;
const textNode = { type: 'StringLiteral', value: '' };
const classes = {
  text: classOf(textNode),
  integer: classOf({ type: 'IntegerLiteral', value: 0 }),
  float: classOf({ type: 'FloatLiteral', value: 0 }),
  boolean: classOf({ type: 'UnaryExpression', operator: { value: 'not' }, argument: textNode }),
  none: classOf({ type: 'Comment' }),
  missing: classOf(undefined),
  list: classOf({ type: 'ArrayLiteral', value: [] }),
  tuple: classOf({ type: 'TupleLiteral', value: [] }),
  mapping: classOf({ type: 'ObjectLiteral', value: new Map() }),
  callable: environment.lookupVariable('namespace').constructor as Made,
};

export type Call = (args: readonly JinjaValue[], scope: JinjaEnvironment) => JinjaValue;

export const text = (value: string) => new classes.text(value);
export const boolean = (value: boolean) => new classes.boolean(value);
export const none = () => new classes.none(null);
export const missing = () => new classes.missing();
export const list = (items: readonly JinjaValue[]) => new classes.list(items);
export const tuple = (items: readonly JinjaValue[]) => new classes.tuple(items);
export const mapping = (entries: ReadonlyMap<string, JinjaValue>) => new classes.mapping(entries);
export const callable = (call: Call) => new classes.callable(call);
export const float = (value: number) => new classes.float(value);

/** @throws Error beyond what a number of JavaScript holds exactly; Python's integers have no end */
export function integer(value: number): JinjaValue {
  if (!Number.isSafeInteger(value)) throw new Error('it uses an integer beyond 2^53, which is not supported');
  return new classes.integer(value === 0 ? 0 : value);
}

/** What Python makes as it is asked for: `range`, `dict_items`, generators. It is a list here, and is not printed. */
const views = new WeakSet<JinjaValue>();

export function view(items: readonly JinjaValue[]): JinjaValue {
  const value = list(items);
  views.add(value);
  return value;
}

export const isView = (value: JinjaValue) => views.has(value);
export const isText = (value: JinjaValue): value is JinjaValue & { value: string } => value.type === 'StringValue';
export const isMissing = ({ type }: JinjaValue) => type === 'UndefinedValue';
export const isNone = ({ type }: JinjaValue) => type === 'NullValue';
export const isFloat = ({ type }: JinjaValue) => type === 'FloatValue';
export const isBoolean = ({ type }: JinjaValue) => type === 'BooleanValue';
export const isInteger = ({ type }: JinjaValue) => type === 'IntegerValue';
export const isTuple = ({ type }: JinjaValue) => type === 'TupleValue';
export const isNumber = (value: JinjaValue) => isInteger(value) || isFloat(value) || isBoolean(value);
export const isList = (value: JinjaValue): value is JinjaValue & { value: JinjaValue[] } => Array.isArray(value.value);
export const isMapping = (value: JinjaValue): value is JinjaValue & { value: Map<string, JinjaValue> } =>
  value.type === 'ObjectValue';

export const numberOf = (value: JinjaValue) => Number(value.value);
export const isTrue = (value: JinjaValue) => value.__bool__().value;

/** The items of what can be looped over. @throws Error for anything else */
export function itemsOf(value: JinjaValue): readonly JinjaValue[] {
  if (isMissing(value)) return [];
  if (isList(value)) return value.value;
  if (isText(value)) return Array.from(value.value, text);
  if (isMapping(value)) return Array.from(value.value.keys(), text);
  throw new Error(`it goes through ${nameOf(value)}, which has no items`);
}

/** For messages. */
export function nameOf({ type }: JinjaValue): string {
  return (
    { UndefinedValue: 'what is not defined', NullValue: 'none' }[type] ?? `a ${type.replace('Value', '').toLowerCase()}`
  );
}
