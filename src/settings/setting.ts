import type { z } from 'zod';

/** What a setting changes. What changes the text may change the time as well. */
export type Effect = 'text' | 'time' | 'neither';

/** A model of a pair, or what judges its responses. */
export type Role = 'base' | 'draft' | 'reward' | 'aligner' | 'judge';

/** How a person writes the value. A `switch` is on or off, and true or false in the library. */
export type Form = 'number' | 'text' | 'list' | 'choice' | 'switch' | 'variable';

/** One thing that can be set, described once for all who ask for it, check it, and tell of it. */
export interface Setting {
  /** What the library takes. */
  readonly schema: z.ZodType;
  /** The same in words: `a whole number of at least 1`. */
  readonly takes: string;
  /** A whole number above it is told this limit alone. */
  readonly most?: number;
  /** For the help and the reference: what it is for. */
  readonly words: string;
  /** What holds where it is left out; what no single value can say is in the words. */
  readonly default?: string | number;
  /** The heading in the help; undefined: only the library has it. */
  readonly group?: string;
  /** How the help calls the value, such as `<n>`. */
  readonly value?: string;
  readonly form?: Form;
  /** The option of the command line without dashes, where it is not the name in kebab case. */
  readonly flag?: string;
  /** What a person may write, where the library takes `scale` times the number: 1000 for milliseconds from seconds. */
  readonly written?: {
    readonly schema: z.ZodType;
    readonly takes: string;
    readonly most: number;
    readonly scale: number;
  };
  readonly effect: Effect;
  /** The value may name a file, and what is in it counts: `path` as it is, `content` where the library takes its text. */
  readonly file?: 'path' | 'content';
  /** Values that are words of this setting where others name a file. */
  readonly notFiles?: readonly string[];
  /** It is no part of the library's options. */
  readonly personOnly?: true;
  /** Never written to a file or a log. */
  readonly secret?: true;
  /** All pairs of a gateway share it. */
  readonly shared?: true;
  /** A request over HTTP may have it, in snake case. A schema stands in place of the library's. */
  readonly request?: true | z.ZodType;
  /** Only strategies with this model, with a switch, or of this name use it. */
  readonly usedBy?: Exclude<Role, 'judge'> | 'switch' | 'urial';
  /** A draft and its scores depend on it under every criterion, so a calibration records them with it. */
  readonly recorded?: true;
  /** It says something of these models where they are on a server. */
  readonly servers?: readonly Role[];
  /** It is for models inside the process. */
  readonly embedded?: true;
}

export type SettingTable = Readonly<Record<string, Setting>>;

/** The library's options that a table describes. */
export type Options<T extends SettingTable> = {
  readonly [K in keyof T as T[K] extends { readonly personOnly: true } ? never : K]?:
    z.infer<T[K]['schema']> | undefined;
};
