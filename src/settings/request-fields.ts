import type { z } from 'zod';
import { decodingSettings } from './decoding.ts';
import { snakeCase } from './names.ts';
import type { Setting } from './setting.ts';

type Table = typeof decodingSettings;

/** The settings that one request may have. */
export type RequestSetting = {
  [K in keyof Table]: Table[K] extends { readonly request: unknown } ? K : never;
}[keyof Table];

type SchemaOf<S extends Setting> = S['request'] extends z.ZodType ? S['request'] : S['schema'];

type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : '';

type Fields = { readonly [K in RequestSetting as SnakeCase<K>]: z.ZodExactOptional<SchemaOf<Table[K]>> };

/** What a request says of them. */
export type RequestSettings = { readonly [K in RequestSetting]?: z.infer<SchemaOf<Table[K]>> };

/** The settings of a request that say when the base takes over. */
export type OfSwitch = {
  [K in RequestSetting]: Table[K] extends { readonly usedBy: 'switch' } ? K : never;
}[RequestSetting];

/** When the base takes over, in the words of a request; what is left out is as the model was configured. */
export type SwitchSettings = Pick<RequestSettings, OfSwitch>;

/** How tokens are drawn. */
export type SamplingSettings = Omit<RequestSettings, OfSwitch>;

const NAMES = Object.entries<Setting>(decodingSettings).flatMap(([name, { request }]) => (request ? [name] : []));

/** Their schemas, each under its name in a request: snake case, as OpenAI's fields have it. */
export const requestFields = Object.fromEntries(
  NAMES.map((name) => [snakeCase(name), fieldSchema(decodingSettings[name as RequestSetting])]),
) as unknown as Fields;

/** What each field of sampling takes, also in words. */
export const samplingRules: Readonly<Record<string, Pick<Setting, 'schema' | 'takes'>>> = Object.fromEntries(
  NAMES.map((name): [string, Setting] => [name, decodingSettings[name as RequestSetting]])
    .filter(([, { usedBy }]) => usedBy === undefined)
    .map(([name, setting]) => [snakeCase(name), setting]),
);

/** What a field takes in words, where it takes what the library does: undefined else, and for a number beyond its limit. */
export function takenBy(field: string, isTooBig: boolean): string | undefined {
  const name = NAMES.find((one) => snakeCase(one) === field);
  if (name === undefined) return undefined;
  const { request, takes, most }: Setting = decodingSettings[name as RequestSetting];
  return request === true && !(isTooBig && most !== undefined) ? takes : undefined;
}

/** The schemas of all but some, under the library's names. */
export function requestSchemasBut<const But extends RequestSetting>(
  others: readonly But[],
): { readonly [K in Exclude<RequestSetting, But>]: z.ZodExactOptional<SchemaOf<Table[K]>> } {
  const names = NAMES.filter((name) => !others.includes(name as But));
  return Object.fromEntries(
    names.map((name) => [name, fieldSchema(decodingSettings[name as RequestSetting])]),
  ) as never;
}

type Request = { readonly [K in keyof Fields]?: unknown };

/** What a request says of the switch, under the library's names; what it leaves out is left out. */
export function switchSettings(request: Request): SwitchSettings {
  return given(request, (setting) => setting.usedBy === 'switch');
}

/** The same of how tokens are drawn. */
export function samplingSettings(request: Request): SamplingSettings {
  return given(request, (setting) => setting.usedBy !== 'switch');
}

function given(request: Request, isMeant: (setting: Setting) => boolean): object {
  const names = NAMES.filter((name) => isMeant(decodingSettings[name as RequestSetting]));
  const values = names.map((name) => [name, request[snakeCase(name) as keyof Fields]] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}

function fieldSchema({ schema, request, words }: Setting): z.ZodType {
  const field = request === true ? schema : (request as z.ZodType);
  return field.exactOptional().describe(field.description ?? words);
}
