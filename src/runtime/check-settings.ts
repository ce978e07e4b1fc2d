import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import type { ModelSettings } from './model-settings.ts';

/** GGML_MAX_N_THREADS of llama.cpp, which ends the process beyond. */
const MOST_THREADS = 512;
/** Numbers that the library takes as int32. */
const MOST = 2 ** 31 - 1;

const text = z.string().min(1);
const TEXT = 'a text that is not empty';

/** What may be said of each setting, in the words of the command line. */
const RULES = {
  base: ['--base', TEXT, text],
  draft: ['--draft', TEXT, text],
  reward: ['--reward', TEXT, text],
  aligner: ['--aligner', TEXT, text],
  judge: ['--judge', TEXT, text],
  template: ['--template', 'a text', z.string()],
  draftTemplate: ['--draft-template', 'a text', z.string()],
  tokenizer: ['--tokenizer', TEXT, text],
  threads: ['--threads', `a whole number from 1 to ${MOST_THREADS}`, z.int().gte(1).lte(MOST_THREADS)],
  context: ['--context', `a whole number from 1 to ${MOST}`, z.int().gte(1).lte(MOST)],
  parallel: ['--parallel', 'a whole number of at least 1', z.int().gte(1)],
  gpuLayers: ['--gpu-layers', `a whole number from -1, which is all, to ${MOST}`, z.int().gte(-1).lte(MOST)],
  kvType: ['--kv-type', '"f16" or "q8_0"', z.enum(['f16', 'q8_0'])],
  repack: ['--repack', 'true or false', z.boolean()],
  serverTimeoutMs: ['serverTimeoutMs', 'a number of milliseconds above 0', z.number().gt(0)],
} as const satisfies Partial<Record<keyof ModelSettings, readonly [string, string, z.ZodType]>>;

/** @throws ConfigError for the first setting that is out of range: the option, its value, and what it takes */
export function checkSettings(settings: ModelSettings): void {
  for (const [name, [option, expected, schema]] of Object.entries(RULES)) {
    const value = settings[name as keyof typeof RULES];
    if (value === undefined || schema.safeParse(value).success) continue;
    const shown = typeof value === 'number' ? String(value) : JSON.stringify(value);
    throw new ConfigError(`bad-${option.replace(/^--/, '')}`, `${option} must be ${expected}, not ${shown}.`);
  }
}
