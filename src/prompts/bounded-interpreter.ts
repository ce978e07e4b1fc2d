import { getHeapStatistics } from 'node:v8';
import { Environment, type JinjaInterpreter, type JinjaValue } from './jinja-runtime.ts';
import { LimitExceeded } from './limit-exceeded.ts';
import { PythonInterpreter } from './python/python-interpreter.ts';
import { strftime } from './python/strftime.ts';
import { unsupported } from './python/unsupported.ts';
import { callable, integer, isInteger, mapping, numberOf, view } from './python/values.ts';

/** Characters of a text, or items of a list; beyond every context length in use. */
const VALUE_LIMIT = 16_000_000;
/** As in the sandbox of Jinja itself. */
const RANGE_LIMIT = 100_000;
const HEAP_LIMIT_BYTES = 256 * 2 ** 20;
/** Steps, and thousands of characters or items, between two looks at the heap; a look takes some microseconds. */
const UNITS_BETWEEN_LOOKS = 5000;

/** What a template said by `raise_exception`: the conversation is at fault, not the template. */
export class RaisedByTemplate extends Error {}

/**
 * Bounds what a template makes: the length of each value, and by how much the heap grows, both looked at between the
 * template's steps. A single step may make more, at most V8's longest string. (A `Worker` with `resourceLimits` is no
 * better: an allocation beyond them ends the whole process.)
 */
export class BoundedInterpreter extends PythonInterpreter {
  readonly #firstBytes = heapBytes();
  #unitsSinceLook = 0;

  constructor(values: Readonly<Record<string, unknown>>) {
    super(new Environment());
    for (const [name, value] of Object.entries({ ...GLOBALS, ...values })) this.global.set(name, value);
    for (const [name, value] of Object.entries(FUNCTIONS)) this.global.setVariable(name, value);
  }

  override evaluate(...step: Parameters<JinjaInterpreter['evaluate']>): ReturnType<JinjaInterpreter['evaluate']> {
    const result = super.evaluate(...step);
    const length = lengthOf(result.value);
    if (length > VALUE_LIMIT)
      throw new LimitExceeded(`it makes a value of more than ${VALUE_LIMIT} characters or items`);
    this.#unitsSinceLook += 1 + length / 1000;
    if (this.#unitsSinceLook > UNITS_BETWEEN_LOOKS) this.#look();
    return result;
  }

  #look(): void {
    this.#unitsSinceLook = 0;
    if (heapBytes() - this.#firstBytes > HEAP_LIMIT_BYTES)
      throw new LimitExceeded('it takes more than 256 MB of memory');
  }
}

/** Those of Jinja2, and of transformers. */
const GLOBALS = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
  strftime_now: (format: string) => strftime(new Date(), format),
  raise_exception(message: string) {
    throw new RaisedByTemplate(message);
  },
};

const FUNCTIONS: Readonly<Record<string, JinjaValue>> = {
  range: callable(boundedRange),
  dict: callable(dict),
  lipsum: unsupported('lipsum'),
  cycler: unsupported('cycler'),
  joiner: unsupported('joiner'),
  self: unsupported('self'),
};

function boundedRange(args: readonly JinjaValue[]): JinjaValue {
  if (args.length === 0 || args.length > 3 || !args.every(isInteger))
    throw new Error('its range() has no whole numbers');
  const numbers = args.map(numberOf);
  const [start, stop] = args.length === 1 ? [0, numbers[0]!] : [numbers[0]!, numbers[1]!];
  const step = numbers[2] ?? 1;
  if (step === 0) throw new Error('its range() has a step of 0');
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > RANGE_LIMIT) throw new LimitExceeded(`its range() has more than ${RANGE_LIMIT} items`);
  return view(Array.from({ length }, (_, index) => integer(start + index * step)));
}

function dict([named, ...more]: readonly JinjaValue[]): JinjaValue {
  if (named === undefined) return mapping(new Map());
  if (named.type !== 'KeywordArgumentsValue' || more.length > 0)
    throw new Error('it calls dict() with other than named values, which is not supported');
  return mapping(new Map(named.value as ReadonlyMap<string, JinjaValue>));
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return value instanceof Map ? value.size : 0;
}

function heapBytes(): number {
  return getHeapStatistics().used_heap_size;
}
