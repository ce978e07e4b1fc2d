import { z } from 'zod';
import { chatMessage } from '../settings/chat-message.ts';
import { settingOfKey } from '../settings/names.ts';
import { conversationOf } from './conversation-of.ts';
import { hasSwitch, strategyText } from './create-strategy.ts';
import type { DecodeOptions } from './decode-options.ts';
import { type ModelIdentities, modelIdentity } from './identify-models.ts';
import type { ModelSettings } from './model-settings.ts';
import { resolveCriterion } from './notation/criteria/resolve-criterion.ts';
import { usesSetting } from './uses-setting.ts';

const segment = z.object({
  text: z.string(),
  control: z.boolean().describe('Control tokens are recognised in it.'),
});

/** What a response was asked for: what is needed to check it, and to make it again. */
export const runRequest = z.object({
  messages: z.array(chatMessage).describe('The conversation that was answered.'),
  prompt: z
    .object({ text: z.array(segment), stop: z.array(z.string()).describe('Texts that end a response to it.') })
    .nullable()
    .describe('What the base read before the response; null where no base took part.'),
  strategy: z.string().describe('As it was asked for, with its numbers.'),
  criterion: z.string().nullable().describe('When the base takes over; null for strategies without a switch.'),
  models: z.record(z.string(), modelIdentity).describe('By their roles: base, draft, reward, aligner.'),
  settings: z
    .record(z.string(), z.unknown())
    .describe('What else was set and changes the text, by the names of docs/settings.md.'),
});

export type RunRequest = z.infer<typeof runRequest>;

/** Said elsewhere in the request. */
const SAID = new Set(['base', 'draft', 'reward', 'aligner', 'system', 'strategy', 'criterion', 'gamma', 'window']);

/**
 * A request as traces have it.
 *
 * @param options of this response
 * @param identities see `identifyModels`
 * @throws ConfigError for a strategy or criterion that is none
 */
export function describeRequest(
  options: DecodeOptions,
  settings: ModelSettings,
  identities: ModelIdentities,
): Omit<RunRequest, 'prompt'> {
  const { strategy = 'wsd' } = options;
  const given = Object.entries({ ...settings, ...options }).filter(
    ([name, value]) => value !== undefined && changesText(name, strategy),
  );
  return {
    messages: conversationOf(options),
    strategy: strategyText(strategy),
    criterion: hasSwitch(strategy) ? resolveCriterion(options).name : null,
    models: identities,
    settings: Object.fromEntries(given),
  };
}

function changesText(name: string, strategy: NonNullable<DecodeOptions['strategy']>): boolean {
  const setting = settingOfKey(name);
  return setting?.effect === 'text' && !setting.secret && !SAID.has(name) && usesSetting(strategy, setting);
}
