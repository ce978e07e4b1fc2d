import type { JinjaValue } from '../jinja-runtime.ts';
import {
  isBoolean,
  isFloat,
  isInteger,
  isList,
  isMapping,
  isMissing,
  isNone,
  isText,
  isTuple,
  isView,
  integer,
  nameOf,
  numberOf,
} from './values.ts';

/** A value as Python's `str` writes it. @throws Error for what has no text of its own, such as a function */
export function print(value: JinjaValue): string {
  if (isText(value)) return value.value;
  return isMissing(value) ? '' : represent(value);
}

/** As Python's `repr`, which lists and dictionaries use for what is in them. */
function represent(value: JinjaValue): string {
  if (isText(value)) return quote(value.value);
  if (isNone(value)) return 'None';
  if (isMissing(value)) return 'Undefined';
  if (isBoolean(value)) return value.value === true ? 'True' : 'False';
  if (isInteger(value)) return String(integer(numberOf(value)).value);
  if (isFloat(value)) return printFloat(Number(value.value));
  if (isView(value)) throw new Error('it prints what is no list yet, such as a range: put |list behind it');
  if (isTuple(value) && isList(value)) return `(${items(value)}${value.value.length === 1 ? ',' : ''})`;
  if (isList(value)) return `[${items(value)}]`;
  if (!isMapping(value)) throw new Error(`it prints ${nameOf(value)}, which has no text`);
  return `{${Array.from(value.value, ([key, item]) => `${quote(key)}: ${represent(item)}`).join(', ')}}`;
}

const items = ({ value }: { readonly value: readonly JinjaValue[] }) => value.map(represent).join(', ');

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

function quote(value: string): string {
  const mark = value.includes("'") && !value.includes('"') ? '"' : "'";
  const escaped = value.replace(/[\\\p{Cc}]|\p{Cf}|\p{Zl}|\p{Zp}|(?! )\p{Zs}/gu, escape);
  return mark + (mark === "'" ? escaped.replaceAll("'", "\\'") : escaped) + mark;
}

function escape(character: string): string {
  const code = character.codePointAt(0)!;
  const hex = (digits: number) => code.toString(16).padStart(digits, '0');
  return ESCAPES[character] ?? (code < 256 ? `\\x${hex(2)}` : code < 65_536 ? `\\u${hex(4)}` : `\\U${hex(8)}`);
}

/** Python's shortest form: with an exponent below 1e-4 and from 1e16 on. */
export function printFloat(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value < 0 ? '-inf' : 'inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [digits, exponent] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power < -4 || power >= 16) return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
