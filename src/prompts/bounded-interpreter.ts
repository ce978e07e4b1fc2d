import { getHeapStatistics } from 'node:v8';
import { Template } from '@huggingface/jinja';
import { Environment, Interpreter, type JinjaInterpreter } from './jinja-runtime.ts';
import { LimitExceeded } from './limit-exceeded.ts';

/** Characters of a text, or items of a list; beyond every context length in use. */
const VALUE_LIMIT = 16_000_000;
/** As in the sandbox of Jinja itself. */
const RANGE_LIMIT = 100_000;
const HEAP_LIMIT_BYTES = 256 * 2 ** 20;
/** Steps, and thousands of characters or items, between two looks at the heap; a look takes some microseconds. */
const UNITS_BETWEEN_LOOKS = 5000;

const clock = new Template('{{ strftime_now(format) }}');

/** What a template said by `raise_exception`: the conversation is at fault, not the template. */
export class RaisedByTemplate extends Error {}

/**
 * Bounds what a template makes: the length of each value, and by how much the heap grows, both looked at between the
 * template's steps. A single step may make more, at most V8's longest string. (A `Worker` with `resourceLimits` is no
 * better: an allocation beyond them ends the whole process.)
 */
export class BoundedInterpreter extends Interpreter {
  readonly #firstBytes = heapBytes();
  #unitsSinceLook = 0;

  constructor(values: Readonly<Record<string, unknown>>) {
    super(new Environment());
    for (const [name, value] of Object.entries({ ...GLOBALS, ...values })) this.global.set(name, value);
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

/** The library's own, but for the limit of `range`. */
const GLOBALS = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
  range: boundedRange,
  strftime_now: (format: string) => clock.render({ format }),
  raise_exception(message: string) {
    throw new RaisedByTemplate(message);
  },
};

function boundedRange(first: number, second?: number, step = 1): number[] {
  const [start, stop] = second === undefined ? [0, first] : [first, second];
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > RANGE_LIMIT) throw new LimitExceeded(`its range() has more than ${RANGE_LIMIT} items`);
  return Array.from({ length }, (_, index) => start + index * step);
}

function lengthOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return value instanceof Map ? value.size : 0;
}

function heapBytes(): number {
  return getHeapStatistics().used_heap_size;
}
