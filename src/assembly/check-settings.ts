import { z } from 'zod';
import { checkValue, MOST_INT, type OptionRule, wholeNumber } from './check-value.ts';
import type { ModelSettings } from './model-settings.ts';

/** GGML_MAX_N_THREADS of llama.cpp, which ends the process beyond. */
export const MOST_THREADS = 512;

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
  threads: wholeNumber('--threads', 1, MOST_THREADS),
  context: wholeNumber('--context', 1, MOST_INT),
  parallel: wholeNumber('--parallel', 1),
  gpuLayers: wholeNumber('--gpu-layers', -1, MOST_INT),
  kvType: ['--kv-type', '"f16" or "q8_0"', z.enum(['f16', 'q8_0'])],
  repack: ['--repack', 'true or false', z.boolean()],
  serverTimeoutMs: ['serverTimeoutMs', 'a number of milliseconds above 0', z.number().gt(0)],
} as const satisfies Partial<Record<keyof ModelSettings, OptionRule>>;

/** @throws ConfigError for the first setting that is out of range: the option, its value, and what it takes */
export function checkSettings(settings: ModelSettings): void {
  for (const [name, rule] of Object.entries(RULES)) {
    const value = settings[name as keyof typeof RULES];
    if (value !== undefined) checkValue(rule, value);
  }
}
