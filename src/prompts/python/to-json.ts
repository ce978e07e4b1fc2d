import type { JinjaValue } from '../jinja-runtime.ts';
import { printFloat } from './print.ts';
import { isFloat, isList, isMapping, isMissing, isNone, isText, nameOf } from './values.ts';

export interface JsonForm {
  readonly indent: number | undefined;
  readonly separators: readonly [string, string];
  readonly ensureAscii: boolean;
  readonly sortKeys: boolean;
}

/** As Python's `json.dumps`. @throws Error for what has no form in JSON */
export function toJson(value: JinjaValue, form: JsonForm, depth = 0): string {
  if (isText(value)) return quote(value.value, form);
  if (isNone(value)) return 'null';
  if (isFloat(value)) return jsonFloat(Number(value.value));
  if (isList(value))
    return enclose(
      ['[', ']'],
      value.value.map((item) => toJson(item, form, depth + 1)),
      form,
      depth,
    );
  if (isMapping(value)) return enclose(['{', '}'], entries(value.value, form, depth), form, depth);
  if (isMissing(value) || value.type === 'FunctionValue') throw new Error(`it writes ${nameOf(value)} as JSON`);
  return JSON.stringify(value.value);
}

function entries(value: ReadonlyMap<string, JinjaValue>, form: JsonForm, depth: number): string[] {
  const all = form.sortKeys ? [...value].sort(([a], [b]) => (a < b ? -1 : 1)) : [...value];
  return all.map(([key, item]) => quote(key, form) + form.separators[1] + toJson(item, form, depth + 1));
}

function enclose(
  [open, close]: readonly [string, string],
  parts: readonly string[],
  form: JsonForm,
  depth: number,
): string {
  const [between] = form.separators;
  if (form.indent === undefined || parts.length === 0) return open + parts.join(between) + close;
  const line = (level: number) => `\n${' '.repeat(form.indent! * level)}`;
  return open + line(depth + 1) + parts.join(between + line(depth + 1)) + line(depth) + close;
}

function quote(value: string, { ensureAscii }: JsonForm): string {
  const quoted = JSON.stringify(value);
  if (!ensureAscii) return quoted;
  return quoted.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function jsonFloat(value: number): string {
  if (Number.isFinite(value)) return printFloat(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}
