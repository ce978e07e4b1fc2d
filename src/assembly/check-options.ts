import { ConfigError } from '../core/errors.ts';
import { settingName } from '../core/setting-name.ts';
import { parseExamples } from '../prompts/parse-examples.ts';
import { checkSettings } from '../settings/check-settings.ts';
import { decodingSettings } from '../settings/decoding.ts';
import { assertAnswerable, readMessages } from '../settings/read-messages.ts';
import { resolveCriterion } from './notation/criteria/resolve-criterion.ts';
import type { DecodeOptions } from './decode-options.ts';
import { resolveStrategy } from './notation/strategies/resolve-strategy.ts';

/** @throws ConfigError for the first option that there is not, or that is out of range, or an empty prompt */
export function checkOptions(options: DecodeOptions): void {
  checkSettings(decodingSettings, options, ['prompt', 'messages', 'signal']);
  if (options.strategy !== undefined) resolveStrategy(options.strategy);
  if (options.urialExamples !== undefined) parseExamples(options.urialExamples);
  resolveCriterion(options);
  checkPrompt({ ...options, ...(options.messages && { messages: readMessages(options.messages) }) });
}

function checkPrompt({ prompt, messages, system }: DecodeOptions): void {
  if (prompt !== undefined && messages !== undefined) {
    throw new ConfigError(
      'two-prompts',
      `A prompt and ${settingName('messages')} can't be given together: choose one.`,
    );
  }
  if (system !== undefined && messages?.some(({ role }) => role === 'system')) {
    throw new ConfigError(
      'two-systems',
      `${settingName('system')} can't be given with ${settingName('messages')} that have a system message: choose one.`,
    );
  }
  if (messages !== undefined) assertAnswerable(messages);
  else if (!prompt?.trim()) {
    throw new ConfigError('empty-prompt', 'The prompt is empty: say what to answer, as an argument or on stdin.');
  }
}
