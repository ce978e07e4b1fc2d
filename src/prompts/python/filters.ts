import { codePoints } from '../../core/code-points.ts';
import type { JinjaValue } from '../jinja-runtime.ts';
import { compare, equal } from './operate.ts';
import { print } from './print.ts';
import { TESTS } from './test-value.ts';
import { capitalize, strip, TEXT_METHODS, titleCase } from './text-methods.ts';
import { toJson } from './to-json.ts';
import {
  float,
  integer,
  isFloat,
  isInteger,
  isList,
  isMapping,
  isMissing,
  isNone,
  isNumber,
  isText,
  isTrue,
  itemsOf,
  list,
  missing,
  nameOf,
  numberOf,
  text,
  tuple,
  view,
} from './values.ts';

/** Arguments by their names; those that were not given are not there. */
type Given = Readonly<Record<string, JinjaValue | undefined>>;

interface Filter {
  /** Names of its parameters, in their order. */
  readonly takes: readonly string[];
  readonly apply: (value: JinjaValue, given: Given) => JinjaValue;
}

const filter = (takes: readonly string[], apply: Filter['apply']): Filter => ({ takes, apply });

const FILTERS: Readonly<Record<string, Filter>> = {
  safe: filter([], (value) => value),
  string: filter([], (value) => text(print(value))),
  upper: filter([], (value) => text(print(value).toUpperCase())),
  lower: filter([], (value) => text(print(value).toLowerCase())),
  capitalize: filter([], (value) => text(capitalize(print(value)))),
  title: filter([], (value) => text(titleCase(print(value), /[^-\s({[<]+/gu))),
  trim: filter(['chars'], (value, { chars }) => text(strip(print(value), chars))),
  replace: filter(['old', 'new', 'count'], (value, { old, new: young, count }) =>
    TEXT_METHODS['replace']!(
      print(value),
      [old, young, count].filter((arg) => arg !== undefined),
    ),
  ),
  indent: filter(['width', 'first', 'blank'], (value, given) => text(indent(print(value), given))),
  join: filter(['d'], (value, { d }) =>
    text(
      itemsOf(value)
        .map(print)
        .join(d ? print(d) : ''),
    ),
  ),
  length: filter([], (value) => integer(lengthOf(value))),
  count: filter([], (value) => integer(lengthOf(value))),
  list: filter([], (value) => list(itemsOf(value))),
  first: filter([], (value) => itemsOf(value)[0] ?? missing()),
  last: filter([], (value) => itemsOf(value).at(-1) ?? missing()),
  reverse: filter([], (value) => (isText(value) ? text(reversed(value).map(print).join('')) : view(reversed(value)))),
  sort: filter(['reverse', 'case_sensitive', 'attribute'], (value, given) => list(sorted(itemsOf(value), given))),
  unique: filter([], (value) => view(unique(itemsOf(value)))),
  items: filter([], (value) => view(pairsOf(value))),
  dictsort: filter([], (value) => list(sorted(pairsOf(value), {}, (pair) => itemsOf(pair)[0]!))),
  default: filter(['default_value', 'boolean'], orDefault),
  d: filter(['default_value', 'boolean'], orDefault),
  int: filter(['default'], (value, given) => toInteger(value) ?? given['default'] ?? integer(0)),
  float: filter(['default'], (value, given) => toFloat(value) ?? given['default'] ?? float(0)),
  abs: filter([], (value) => (isFloat(value) ? float : integer)(Math.abs(needNumber(value)))),
  tojson: filter(['indent', 'ensure_ascii', 'separators', 'sort_keys'], json),
  map: filter(['name', 'attribute', 'default'], map),
  select: filter(['test', 'value'], (value, { test, value: other }) =>
    view(itemsOf(value).filter(passes(test, other))),
  ),
  reject: filter(['test', 'value'], (value, { test, value: other }) =>
    view(itemsOf(value).filter((item) => !passes(test, other)(item))),
  ),
  selectattr: filter(['attribute', 'test', 'value'], (value, given) =>
    view(itemsOf(value).filter(attributePasses(given))),
  ),
  rejectattr: filter(['attribute', 'test', 'value'], (value, given) =>
    view(itemsOf(value).filter((item) => !attributePasses(given)(item))),
  ),
};

/** @throws Error for a filter, or an argument of it, that is not known */
export function applyFilter(
  name: string,
  value: JinjaValue,
  [args, named]: readonly [readonly JinjaValue[], ReadonlyMap<string, JinjaValue>],
): JinjaValue {
  const known = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
  if (!known) throw new Error(`it uses the filter ${name}, which is not supported`);
  const unknown = [...named.keys()].find((key) => !known.takes.includes(key));
  if (unknown !== undefined || args.length > known.takes.length)
    throw new Error(`it gives the filter ${name} ${unknown ?? 'an argument'}, which is not supported`);
  return known.apply(value, {
    ...Object.fromEntries(args.map((arg, i) => [known.takes[i]!, arg])),
    ...Object.fromEntries(named),
  });
}

function lengthOf(value: JinjaValue): number {
  // A value for each character of a long text would take more memory than a template may.
  if (isText(value)) return codePoints(value.value);
  if (isMapping(value)) return value.value.size;
  return itemsOf(value).length;
}

const reversed = (value: JinjaValue) => itemsOf(value).toReversed();

function pairsOf(value: JinjaValue): JinjaValue[] {
  if (isMissing(value)) return [];
  if (isMapping(value)) return Array.from(value.value, ([key, item]) => tuple([text(key), item]));
  throw new Error(`it asks ${nameOf(value)} for pairs of keys and values`);
}

const folded = (value: JinjaValue) => (isText(value) ? text(value.value.toLowerCase()) : value);

function sorted(
  items: readonly JinjaValue[],
  { reverse, case_sensitive: exact, attribute }: Given,
  keyOf: (item: JinjaValue) => JinjaValue = (item) => (attribute ? attributeOf(item, attribute) : item),
): JinjaValue[] {
  const key = (item: JinjaValue) => (exact && isTrue(exact) ? keyOf(item) : folded(keyOf(item)));
  const sign = reverse && isTrue(reverse) ? -1 : 1;
  return items.toSorted((a, b) => sign * compare(key(a), key(b)));
}

function unique(items: readonly JinjaValue[]): JinjaValue[] {
  return items.filter((item, i) => items.findIndex((other) => equal(folded(other), folded(item))) === i);
}

function orDefault(value: JinjaValue, { default_value: other = text(''), boolean }: Given): JinjaValue {
  return isMissing(value) || (boolean && isTrue(boolean) && !isTrue(value)) ? other : value;
}

function toInteger(value: JinjaValue): JinjaValue | undefined {
  if (isNumber(value)) return integer(Math.trunc(numberOf(value)));
  const written = isText(value) ? strip(value.value) : '';
  return /^[+-]?\d+(\.\d*)?$/.test(written) ? integer(Math.trunc(Number(written))) : undefined;
}

function toFloat(value: JinjaValue): JinjaValue | undefined {
  if (isNumber(value)) return float(numberOf(value));
  const written = isText(value) ? strip(value.value) : '';
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(written) ? float(Number(written)) : undefined;
}

function needNumber(value: JinjaValue): number {
  if (isNumber(value)) return numberOf(value);
  throw new Error(`it needs a number, and has ${nameOf(value)}`);
}

function indent(value: string, { width, first, blank }: Given): string {
  const margin = width && isText(width) ? width.value : ' '.repeat(width ? numberOf(width) : 4);
  const [isFirst, isBlank] = [first, blank].map((flag) => flag !== undefined && isTrue(flag));
  const indented = (line: string, i: number) => ((i === 0 ? isFirst : isBlank || line !== '') ? margin + line : line);
  return value.split('\n').map(indented).join('\n');
}

function json(value: JinjaValue, given: Given): JinjaValue {
  const { indent: width, ensure_ascii: ascii, separators, sort_keys: keys } = given;
  const isIndented = width !== undefined && !isNone(width);
  if (isIndented && !isInteger(width)) throw new Error('it gives tojson an indent that is no number');
  const marks = separators && !isNone(separators) ? itemsOf(separators).map(print) : [isIndented ? ',' : ', ', ': '];
  return text(
    toJson(value, {
      indent: isIndented ? numberOf(width) : undefined,
      separators: [marks[0]!, marks[1]!],
      ensureAscii: ascii !== undefined && isTrue(ascii),
      sortKeys: keys !== undefined && isTrue(keys),
    }),
  );
}

function map(value: JinjaValue, { name, attribute, default: other }: Given): JinjaValue {
  if (name) return view(itemsOf(value).map((item) => applyFilter(print(name), item, [[], new Map()])));
  if (!attribute) throw new Error('it uses the filter map without a filter or an attribute');
  return view(
    itemsOf(value).map((item) => {
      const found = attributeOf(item, attribute);
      return isMissing(found) ? (other ?? found) : found;
    }),
  );
}

/** `a.b.0`: keys of dictionaries, and numbers of items. */
function attributeOf(item: JinjaValue, attribute: JinjaValue): JinjaValue {
  let value = item;
  for (const part of print(attribute).split('.')) {
    if (isList(value) && /^\d+$/.test(part)) value = value.value[Number(part)] ?? missing();
    else value = (isMapping(value) ? value.value.get(part) : undefined) ?? missing();
  }
  return value;
}

function attributePasses({ attribute, test, value }: Given): (item: JinjaValue) => boolean {
  if (!attribute) throw new Error('it selects by an attribute that it does not name');
  const isPassed = passes(test, value);
  return (item) => isPassed(attributeOf(item, attribute));
}

function passes(test: JinjaValue | undefined, other: JinjaValue | undefined): (item: JinjaValue) => boolean {
  if (test === undefined) return isTrue;
  const name = print(test);
  if (other === undefined && Object.hasOwn(TESTS, name)) return TESTS[name]!;
  if (other !== undefined && ['equalto', 'eq', '=='].includes(name)) return (item) => equal(item, other);
  if (other !== undefined && ['ne', '!='].includes(name)) return (item) => !equal(item, other);
  if (other !== undefined && name === 'in') return (item) => itemsOf(other).some((one) => equal(one, item));
  throw new Error(`it selects by the test ${name}, which is not supported`);
}
