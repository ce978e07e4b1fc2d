import type { SwitchReason } from '../../core/decode-event.ts';
import type { DecodeTrace } from '../../core/decode-trace.ts';
import type { Terminal } from './terminal.ts';

const WARNINGS: Partial<Record<SwitchReason, string>> = {
  'draft-filtered': "the filter of the draft's server cut the draft: choose another --draft for prompts such as this",
  'draft-empty':
    'the draft wrote no text: raise --max-draft if it thinks before it answers, or choose a --draft that does not',
};

/** Says what to do where the draft did not do its part, so that the base wrote alone. */
export function warnOfDraft({ switch: change }: DecodeTrace, terminal: Pick<Terminal, 'notice'>): void {
  const warning = change && WARNINGS[change.reason];
  if (warning !== undefined) terminal.notice(`Warning: ${warning}.`);
}
