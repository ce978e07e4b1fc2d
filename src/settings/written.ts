import type { z } from 'zod';
import type { SettingTable } from './setting.ts';

/** The name that a person writes: the flag in camel case, or the setting's own. */
type Key<Name, S> = S extends { readonly flag: infer Flag extends string } ? CamelCase<Flag> : Name;

type CamelCase<Text extends string> = Text extends `${infer Head}-${infer First}${infer Rest}`
  ? `${Head}${Uppercase<First>}${CamelCase<Rest>}`
  : Text;

type Value<S> = S extends { readonly form: 'switch' }
  ? 'on' | 'off'
  : S extends { readonly schema: z.ZodType }
    ? z.infer<S['schema']>
    : never;

/** What commander makes of a table: values as a person writes them. Those with a default are always there. */
export type Written<T extends SettingTable> = {
  readonly [K in keyof T as T[K] extends { readonly default: unknown } ? Key<K, T[K]> : never]: Value<T[K]>;
} & {
  readonly [
    K in keyof T as T[K] extends { readonly default: unknown }
      ? never
      : T[K] extends { readonly group: string }
        ? Key<K, T[K]>
        : never
  ]?: Value<T[K]> | undefined;
};
