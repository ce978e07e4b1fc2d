import type { JinjaValue } from '../jinja-runtime.ts';
import { equal } from './operate.ts';
import { TEXT_METHODS } from './text-methods.ts';
import {
  callable,
  integer,
  isInteger,
  isList,
  isMapping,
  isText,
  missing,
  none,
  numberOf,
  text,
  tuple,
  view,
} from './values.ts';

/** `whole[key]`, or `whole.key`, which finds a method before an item. */
export function memberOf(whole: JinjaValue, key: JinjaValue, isItem: boolean): JinjaValue {
  if (whole.type === 'NamespaceValue') return entryOf(whole.value as ReadonlyMap<string, JinjaValue>, key) ?? missing();
  const found = isItem ? (itemAt(whole, key) ?? methodOf(whole, key)) : (methodOf(whole, key) ?? itemAt(whole, key));
  return found ?? missing();
}

function itemAt(whole: JinjaValue, key: JinjaValue): JinjaValue | undefined {
  if (isMapping(whole)) return entryOf(whole.value, key);
  if (!isInteger(key)) return undefined;
  if (isList(whole)) return whole.value.at(numberOf(key));
  const character = isText(whole) ? Array.from(whole.value).at(numberOf(key)) : undefined;
  return character === undefined ? undefined : text(character);
}

function entryOf(entries: ReadonlyMap<string, JinjaValue>, key: JinjaValue): JinjaValue | undefined {
  return isText(key) ? entries.get(key.value) : undefined;
}

function methodOf(whole: JinjaValue, key: JinjaValue): JinjaValue | undefined {
  if (!isText(key)) return undefined;
  const name = key.value;
  if (isText(whole)) {
    const method = Object.hasOwn(TEXT_METHODS, name) ? TEXT_METHODS[name] : undefined;
    return method && callable((args) => method(whole.value, args));
  }
  if (isMapping(whole)) return mappingMethod(whole.value, name);
  return isList(whole) ? listMethod(whole.value, name) : undefined;
}

function mappingMethod(entries: ReadonlyMap<string, JinjaValue>, name: string): JinjaValue | undefined {
  switch (name) {
    case 'get':
      return callable(([key, other]) => (key && entryOf(entries, key)) ?? other ?? none());
    case 'items':
      return callable(() => view(Array.from(entries, ([key, item]) => tuple([text(key), item]))));
    case 'keys':
      return callable(() => view(Array.from(entries.keys(), text)));
    case 'values':
      return callable(() => view([...entries.values()]));
    default:
      return undefined;
  }
}

function listMethod(items: readonly JinjaValue[], name: string): JinjaValue | undefined {
  if (name === 'count') return callable(([item]) => integer(items.filter((one) => equal(one, item!)).length));
  if (name !== 'index') return undefined;
  return callable(([item]) => {
    const at = items.findIndex((one) => equal(one, item!));
    if (at === -1) throw new Error('it asks for the index of what is not in the list');
    return integer(at);
  });
}
