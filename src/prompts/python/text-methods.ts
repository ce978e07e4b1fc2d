import type { JinjaValue } from '../jinja-runtime.ts';
import {
  boolean,
  integer,
  isInteger,
  isList,
  isNone,
  isText,
  itemsOf,
  list,
  nameOf,
  numberOf,
  text,
} from './values.ts';

/** Methods of Python's `str`. A method that is not here has no value, and calling it is an error. */
export const TEXT_METHODS: Readonly<Record<string, (self: string, args: readonly JinjaValue[]) => JinjaValue>> = {
  upper: (self) => text(self.toUpperCase()),
  lower: (self) => text(self.toLowerCase()),
  title: (self) => text(titleCase(self, /\p{L}+/gu)),
  capitalize: (self) => text(capitalize(self)),
  strip: (self, [characters]) => text(strip(self, characters)),
  lstrip: (self, [characters]) => text(stripStart(self, setOf(characters))),
  rstrip: (self, [characters]) => text(stripEnd(self, setOf(characters))),
  startswith: (self, args) => boolean(anyText(only(args, 1)).some((part) => self.startsWith(part))),
  endswith: (self, args) => boolean(anyText(only(args, 1)).some((part) => self.endsWith(part))),
  split: (self, args) => list(split(self, args).map(text)),
  splitlines: (self, args) => {
    only(args, 0);
    return list(splitLines(self).map(text));
  },
  replace: (self, args) => text(replace(self, args)),
  join: (self, args) => text(itemsOf(only(args, 1)[0]!).map(textOf).join(self)),
  find: (self, args) => integer(find(self, textOf(only(args, 1)[0]!))),
  count: (self, args) => integer(count(self, textOf(only(args, 1)[0]!))),
  isdigit: (self) => boolean(/^\p{Nd}+$/u.test(self)),
  isspace: (self) => boolean(self !== '' && stripStart(self, undefined) === ''),
  removeprefix: (self, args) => text(withoutPrefix(self, textOf(only(args, 1)[0]!))),
  removesuffix: (self, args) => text(withoutSuffix(self, textOf(only(args, 1)[0]!))),
};

const BLANK = String.raw`[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`;
const BLANKS = new RegExp(`${BLANK}+`, 'u');
const IS_BLANK = new RegExp(`^${BLANK}$`, 'u');

/** What Python's `strip` takes from both ends: the characters of a text, or else blanks. */
export function strip(self: string, characters?: JinjaValue): string {
  const set = setOf(characters);
  return stripEnd(stripStart(self, set), set);
}

type Characters = ReadonlySet<string> | undefined;

function setOf(characters: JinjaValue | undefined): Characters {
  return characters === undefined || isNone(characters) ? undefined : new Set(textOf(characters));
}

const isTaken = (character: string, set: Characters) => (set ? set.has(character) : IS_BLANK.test(character));

function stripStart(self: string, set: Characters): string {
  let start = 0;
  for (const character of self) {
    if (!isTaken(character, set)) break;
    start += character.length;
  }
  return self.slice(start);
}

function stripEnd(self: string, set: Characters): string {
  let end = self.length;
  while (end > 0) {
    const start = /^[\ud800-\udbff][\udc00-\udfff]$/.test(self.slice(end - 2, end)) ? end - 2 : end - 1;
    if (!isTaken(self.slice(start, end), set)) break;
    end = start;
  }
  return self.slice(0, end);
}

export function capitalize(self: string): string {
  const [first = '', ...rest] = Array.from(self);
  return first.toUpperCase() + rest.join('').toLowerCase();
}

/** Each word that the pattern finds begins with a capital, and goes on in small letters. */
export function titleCase(self: string, words: RegExp): string {
  return self.replace(words, capitalize);
}

function split(self: string, [separator, most, ...more]: readonly JinjaValue[]): string[] {
  only(more, 0);
  const limit = most === undefined || numberOf(most) < 0 ? Infinity : numberOf(most);
  if (separator === undefined || isNone(separator)) return splitAtBlanks(self, limit);
  const mark = textOf(separator);
  if (mark === '') throw new Error('it splits a text at an empty one');
  const parts = self.split(mark);
  return parts.length <= limit ? parts : [...parts.slice(0, limit), parts.slice(limit).join(mark)];
}

function splitAtBlanks(self: string, limit: number): string[] {
  const parts: string[] = [];
  let rest = stripStart(self, undefined);
  while (rest !== '') {
    const blank = parts.length < limit ? BLANKS.exec(rest) : null;
    if (!blank) return [...parts, rest];
    parts.push(rest.slice(0, blank.index));
    rest = rest.slice(blank.index + blank[0].length);
  }
  return parts;
}

function splitLines(self: string): string[] {
  const lines = self.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/u);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function replace(self: string, [from, to, most, ...more]: readonly JinjaValue[]): string {
  only(more, 0);
  if (from === undefined || to === undefined) throw new Error('it calls replace() without two texts');
  if (most !== undefined && !isInteger(most)) throw new Error('it calls replace() with a count that is no number');
  const limit = most === undefined || numberOf(most) < 0 ? Infinity : numberOf(most);
  const [old, young] = [textOf(from), textOf(to)];
  let done = 0;
  const replaced = (match: string) => (done++ < limit ? young : match);
  if (old !== '') return self.replaceAll(old, replaced);
  return ['', ...Array.from(self)].map((character) => character + replaced('')).join('');
}

function find(self: string, part: string): number {
  const at = self.indexOf(part);
  return at === -1 ? -1 : Array.from(self.slice(0, at)).length;
}

function count(self: string, part: string): number {
  return (part === '' ? Array.from(self).length + 2 : self.split(part).length) - 1;
}

const withoutPrefix = (self: string, part: string) => (self.startsWith(part) ? self.slice(part.length) : self);
const withoutSuffix = (self: string, part: string) =>
  part !== '' && self.endsWith(part) ? self.slice(0, -part.length) : self;

function anyText([part]: readonly JinjaValue[]): string[] {
  return isList(part!) ? part.value.map(textOf) : [textOf(part!)];
}

function textOf(value: JinjaValue): string {
  if (isText(value)) return value.value;
  throw new Error(`it gives ${nameOf(value)} where a text is needed`);
}

/** @throws Error for more or fewer arguments, named ones among them: what they mean is not known here */
function only(args: readonly JinjaValue[], expected: number): readonly JinjaValue[] {
  const isPlain = args.every(({ type }) => type !== 'KeywordArgumentsValue');
  if (args.length === expected && isPlain) return args;
  throw new Error(`it calls a method of texts with arguments that are not supported (${expected} of them is)`);
}
