import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import { parseExamples } from '../prompts/parse-examples.ts';
import { resolveCriterion } from './criteria/resolve-criterion.ts';
import type { DecodeOptions } from './decode-options.ts';
import { checkStrategy } from './strategies/parse-strategy.ts';

const message = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });

type Rule = readonly [flag: string, expected: string, schema: z.ZodType, most?: number];

/** What may be said of each option, in the words of the command line. */
const RULES = {
  gamma: ['--gamma', 'a number above 0 and at most 1', z.number().gt(0).lte(1)],
  window: wholeNumber('--window', 1),
  maxDraft: wholeNumber('--max-draft', 0),
  maxTokens: wholeNumber('--max-tokens', 0),
  maxResponseTokens: wholeNumber('--max-response-tokens', 1),
  chunkTokens: wholeNumber('--chunk', 1),
  temperature: ['--temperature', 'a number of at least 0', z.number().gte(0)],
  topP: ['--top-p', 'a number above 0 and at most 1', z.number().gt(0).lte(1)],
  topK: wholeNumber('--top-k', 0, 2 ** 31 - 1),
  minP: ['--min-p', 'a number from 0 to 1', z.number().gte(0).lte(1)],
  repetitionPenalty: ['--repetition-penalty', 'a number above 0', z.number().gt(0)],
  seed: [
    '--seed',
    'a whole number from 0 to 4294967295',
    z
      .int()
      .gte(0)
      .lt(2 ** 32),
  ],
  onNoSwitch: ['--on-no-switch', '"continue" or "stop"', z.enum(['continue', 'stop'])],
  stop: ['--stop', 'one or more texts that are not empty', z.array(z.string().min(1))],
  messages: [
    '--messages',
    'a list of {"role": "system" | "user" | "assistant", "content": text}',
    z.array(message).min(1),
  ],
} as const satisfies Record<string, Rule>;

export type CheckedOption = keyof typeof RULES;

/** The most is far away, so that only a number above it is told. */
function wholeNumber(flag: string, least: number, most = Number.MAX_SAFE_INTEGER): Rule {
  return [flag, `a whole number of at least ${least}`, z.int().gte(least).lte(most), most];
}

/** @throws ConfigError that names the option, its value, and what it takes */
export function checkOption(name: CheckedOption, value: unknown): void {
  const [flag, expected, schema, most = Infinity]: Rule = RULES[name];
  if (schema.safeParse(value).success) return;
  const broken = typeof value === 'number' && value > most ? `a whole number of at most ${most}` : expected;
  throw new ConfigError(`bad-${flag.replace(/^--/, '')}`, `${flag} must be ${broken}, not ${shown(value)}.`);
}

/** @throws ConfigError for the first option that is out of range, or an empty prompt */
export function checkOptions(options: DecodeOptions): void {
  for (const name of Object.keys(RULES) as CheckedOption[]) {
    if (options[name] !== undefined) checkOption(name, options[name]);
  }
  if (options.strategy !== undefined) checkStrategy(options.strategy);
  if (options.urialExamples !== undefined) parseExamples(options.urialExamples);
  resolveCriterion(options);
  checkPrompt(options);
}

function checkPrompt({ prompt, messages, system }: DecodeOptions): void {
  if (prompt !== undefined && messages !== undefined) {
    throw new ConfigError('two-prompts', "A prompt and --messages can't be given together: choose one.");
  }
  if (system !== undefined && messages?.some(({ role }) => role === 'system')) {
    throw new ConfigError(
      'two-systems',
      "--system can't be given with --messages that have a system message: choose one.",
    );
  }
  if (!messages?.some(({ role, content }) => role === 'user' && content.trim() !== '') && !prompt?.trim()) {
    throw new ConfigError('empty-prompt', 'The prompt is empty: say what to answer, as an argument or on stdin.');
  }
  if (messages?.at(-1)?.role === 'system') {
    throw new ConfigError(
      'no-question',
      'The last of --messages must be from the user, or the beginning of an answer.',
    );
  }
}

function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
