import { ConfigError } from '../../core/errors.ts';
import type { DecodeOptions } from '../../assembly/decode-options.ts';

const NUMBERS = [
  'gamma',
  'window',
  'maxDraft',
  'maxTokens',
  'maxResponseTokens',
  'temperature',
  'topP',
  'topK',
  'minP',
  'repetitionPenalty',
  'seed',
] as const satisfies readonly (keyof DecodeOptions)[];
const TEXTS = ['criterion', 'onNoSwitch', 'stop'] as const satisfies readonly (keyof DecodeOptions)[];

/**
 * Decoding options with one of them changed, as in `gamma 0.9`. Whether the value is in range is for `checkOptions` to
 * say.
 *
 * @throws ConfigError for a name that is none, or without a value
 */
export function withSetting(options: DecodeOptions, words: string): DecodeOptions {
  const [, given = '', value = ''] = /^(?:--)?([\w-]+)[\s=]+(.*)$/u.exec(words) ?? [];
  const name = [...NUMBERS, ...TEXTS].find((option) => toFlag(option) === given);
  if (name === undefined || value === '') {
    const names = [...NUMBERS, ...TEXTS].map(toFlag).join(', ');
    throw new ConfigError('bad-setting', `/set takes a name and a value, as in /set gamma 0.9. Names: ${names}.`);
  }
  if (name === 'stop') return { ...options, stop: [value] };
  if (name === 'onNoSwitch') return { ...options, onNoSwitch: value as 'continue' | 'stop' };
  // The one is given in place of the other.
  if (name === 'criterion') return { ...options, criterion: value, gamma: undefined, window: undefined };
  const criterion = name === 'gamma' || name === 'window' ? { criterion: undefined } : {};
  return { ...options, ...criterion, [name]: Number(value) };
}

function toFlag(option: string): string {
  return option.replaceAll(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);
}
