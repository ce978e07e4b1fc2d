import type { JinjaValue } from '../jinja-runtime.ts';
import {
  isBoolean,
  isFloat,
  isInteger,
  isList,
  isMapping,
  isMissing,
  isNone,
  isNumber,
  isText,
  numberOf,
} from './values.ts';

const isEven = (value: JinjaValue) => numberOf(value) % 2 === 0;
const isCased = (value: JinjaValue) => /\p{L}/u.test(String(value.value));
const isItems = (value: JinjaValue) => isList(value) || isMapping(value) || isText(value);

/** Jinja's tests that need nothing but a value: `is defined`, `is string` … */
export const TESTS: Readonly<Record<string, (value: JinjaValue) => boolean>> = {
  defined: (value) => !isMissing(value),
  undefined: isMissing,
  none: isNone,
  boolean: isBoolean,
  true: (value) => isBoolean(value) && value.value === true,
  false: (value) => isBoolean(value) && value.value === false,
  integer: isInteger,
  float: isFloat,
  number: isNumber,
  string: isText,
  mapping: isMapping,
  // What is not defined has no items, and still can be gone through.
  iterable: (value) => isItems(value) || isMissing(value),
  sequence: (value) => isItems(value) || isMissing(value),
  callable: ({ type }) => type === 'FunctionValue',
  odd: (value) => isNumber(value) && !isEven(value),
  even: (value) => isNumber(value) && isEven(value),
  lower: (value) => isCased(value) && String(value.value) === String(value.value).toLowerCase(),
  upper: (value) => isCased(value) && String(value.value) === String(value.value).toUpperCase(),
};
