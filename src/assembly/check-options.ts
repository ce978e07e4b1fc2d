import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import { lastQuestion } from '../core/last-question.ts';
import type { ChatMessage } from '../core/prompt-format.ts';
import { parseExamples } from '../prompts/parse-examples.ts';
import { checkMessages } from './check-messages.ts';
import { checkValue, MOST_INT, type OptionRule, wholeNumber } from './check-value.ts';
import { resolveCriterion } from './notation/criteria/resolve-criterion.ts';
import type { DecodeOptions } from './decode-options.ts';
import { resolveStrategy } from './notation/strategies/resolve-strategy.ts';

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
  topK: wholeNumber('--top-k', 0, MOST_INT),
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
} as const satisfies Record<string, OptionRule>;

export type CheckedOption = keyof typeof RULES;

/** @throws ConfigError that names the option, its value, and what it takes */
export function checkOption(name: CheckedOption, value: unknown): void {
  checkValue(RULES[name], value);
}

/** @throws ConfigError for the first option that is out of range, or an empty prompt */
export function checkOptions(options: DecodeOptions): void {
  for (const name of Object.keys(RULES) as CheckedOption[]) {
    if (options[name] !== undefined) checkOption(name, options[name]);
  }
  if (options.messages !== undefined) checkMessages(options.messages);
  if (options.strategy !== undefined) resolveStrategy(options.strategy);
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
  if (messages !== undefined) checkQuestion(messages);
  else if (!prompt?.trim()) {
    throw new ConfigError('empty-prompt', 'The prompt is empty: say what to answer, as an argument or on stdin.');
  }
}

/** @param messages may end with the beginning of the answer */
function checkQuestion(messages: readonly ChatMessage[]): void {
  const question = lastQuestion(messages);
  if (question === undefined) {
    throw new ConfigError('empty-prompt', 'No message is from the user: add one that says what to answer.');
  }
  if (question.trim() === '') {
    throw new ConfigError('empty-prompt', 'The last message from the user is empty: say in it what to answer.');
  }
  if (messages.at(-1)?.role === 'system') {
    throw new ConfigError(
      'no-question',
      'The last of --messages must be from the user, or the beginning of an answer.',
    );
  }
}
