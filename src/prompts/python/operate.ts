import { LimitExceeded } from '../limit-exceeded.ts';
import type { JinjaValue } from '../jinja-runtime.ts';
import { print } from './print.ts';
import {
  boolean,
  float,
  integer,
  isFloat,
  isList,
  isMapping,
  isMissing,
  isNumber,
  isText,
  isTuple,
  itemsOf,
  list,
  nameOf,
  numberOf,
  text,
  tuple,
} from './values.ts';

const MOST_REPEATED = 16_000_000;

/** What Python makes of `left operator right`. @throws Error where Python has an error, or this has no answer */
export function operate(operator: string, left: JinjaValue, right: JinjaValue): JinjaValue {
  switch (operator) {
    case '==':
      return boolean(equal(left, right));
    case '!=':
      return boolean(!equal(left, right));
    case 'in':
      return boolean(contains(right, left));
    case 'not in':
      return boolean(!contains(right, left));
    case '~':
      return text(print(left) + print(right));
    case '<':
      return boolean(compare(left, right) < 0);
    case '>':
      return boolean(compare(left, right) > 0);
    case '<=':
      return boolean(compare(left, right) <= 0);
    case '>=':
      return boolean(compare(left, right) >= 0);
    default:
      return isNumber(left) && isNumber(right) ? calculate(operator, left, right) : join(operator, left, right);
  }
}

export function equal(left: JinjaValue, right: JinjaValue): boolean {
  if (isNumber(left) && isNumber(right)) return numberOf(left) === numberOf(right);
  if (left.type !== right.type) return false;
  if (isMissing(left)) return true;
  if (isList(left) && isList(right)) {
    const others = right.value;
    return left.value.length === others.length && left.value.every((item, i) => equal(item, others[i]!));
  }
  if (isMapping(left) && isMapping(right)) {
    const others = right.value;
    const same = ([key, item]: [string, JinjaValue]) => others.has(key) && equal(item, others.get(key)!);
    return left.value.size === others.size && [...left.value].every(same);
  }
  return left.value === right.value;
}

/** Below 0, 0, or above: numbers by size, texts by code points. @throws Error for two of different kinds */
export function compare(left: JinjaValue, right: JinjaValue): number {
  if (isNumber(left) && isNumber(right)) return numberOf(left) - numberOf(right);
  if (isText(left) && isText(right)) return compareTexts(left.value, right.value);
  throw new Error(`it compares ${nameOf(left)} with ${nameOf(right)}, which have no order`);
}

function compareTexts(left: string, right: string): number {
  const [ours, theirs] = [Array.from(left), Array.from(right)];
  const at = ours.findIndex((character, i) => character !== theirs[i]);
  if (at === -1) return ours.length - theirs.length;
  return at >= theirs.length ? 1 : ours[at]!.codePointAt(0)! - theirs[at]!.codePointAt(0)!;
}

function contains(whole: JinjaValue, part: JinjaValue): boolean {
  if (!isText(whole)) return itemsOf(whole).some((item) => equal(item, part));
  if (isText(part)) return whole.value.includes(part.value);
  throw new Error(`it looks for ${nameOf(part)} in a text`);
}

function calculate(operator: string, left: JinjaValue, right: JinjaValue): JinjaValue {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (b === 0 && ['/', '//', '%'].includes(operator)) throw new Error('it divides by zero');
  const isReal = isFloat(left) || isFloat(right) || operator === '/' || (operator === '**' && b < 0);
  const result = RESULTS[operator]?.(a, b);
  if (result === undefined) throw new Error(`it uses the operator ${operator}, which is not known`);
  if (operator === '**' && !Number.isFinite(result)) throw new Error('it raises a number to a power that has no value');
  return isReal ? float(result) : integer(result);
}

const RESULTS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '//': (a, b) => Math.floor(a / b),
  '**': (a, b) => a ** b,
  // The sign of the divisor, as in Python.
  '%': (a, b) => ((a % b) + b) % b,
};

function join(operator: string, left: JinjaValue, right: JinjaValue): JinjaValue {
  if (operator === '+' && isText(left) && isText(right)) return text(left.value + right.value);
  if (operator === '+' && isList(left) && isList(right) && left.type === right.type)
    return (isTuple(left) ? tuple : list)([...left.value, ...right.value]);
  if (operator === '*' && isNumber(right) && !isFloat(right)) return repeat(left, numberOf(right));
  if (operator === '*' && isNumber(left) && !isFloat(left)) return repeat(right, numberOf(left));
  if (operator === '%' && isText(left)) throw new Error("it formats with '…' % value, which is not supported");
  throw new Error(`it joins ${nameOf(left)} and ${nameOf(right)} with ${operator}, which has no value`);
}

function repeat(value: JinjaValue, count: number): JinjaValue {
  const times = Math.max(0, count);
  if (!isText(value) && !isList(value)) throw new Error(`it multiplies ${nameOf(value)}`);
  if (value.value.length * times > MOST_REPEATED)
    throw new LimitExceeded(`it makes a value of more than ${MOST_REPEATED} characters or items`);
  if (isText(value)) return text(value.value.repeat(times));
  return (isTuple(value) ? tuple : list)(Array.from({ length: times }, () => value.value).flat());
}
