import type { ChatMessage } from '../../core/prompt-format.ts';
import type { FoundPair } from '../forms/form.ts';
import type { Dimension, PreferencePair } from '../preference-pair.ts';
import { UnusableRecord } from '../records/data-record.ts';

/** What holds where a record does not say it. */
export interface PairDefaults {
  readonly dimension: Dimension;
  readonly source: string;
  readonly licence: string;
  readonly origin: string;
}

/** @throws UnusableRecord for a pair that can teach nothing */
export function toPreferencePair(found: FoundPair, defaults: PairDefaults): PreferencePair {
  assertConversation(found.prompt);
  const [chosen, rejected] = [found.chosen.trim(), found.rejected.trim()];
  if (chosen === '') throw new UnusableRecord('its chosen response is empty');
  if (rejected === '') throw new UnusableRecord('its rejected response is empty');
  if (chosen === rejected) throw new UnusableRecord('its two responses are the same');
  for (const text of [chosen, rejected, ...found.prompt.map(({ content }) => content)]) assertText(text);
  return {
    prompt: found.prompt.map(({ role, content }) => ({ role, content })),
    chosen: [{ role: 'assistant', content: chosen }],
    rejected: [{ role: 'assistant', content: rejected }],
    dimension: found.dimension ?? defaults.dimension,
    source: found.source ?? defaults.source,
    licence: found.licence ?? defaults.licence,
    origin: found.origin ?? defaults.origin,
  };
}

function assertConversation(prompt: readonly ChatMessage[]): void {
  if (prompt.at(-1)?.role !== 'user') throw new UnusableRecord('its prompt does not end with what the user says');
  if (prompt.some(({ content }) => content.trim() === '')) throw new UnusableRecord('a turn of its prompt is empty');
}

function assertText(text: string): void {
  if (text.includes('\0')) throw new UnusableRecord('it holds a NUL character');
  if (!text.isWellFormed()) throw new UnusableRecord('it holds half a character');
}
