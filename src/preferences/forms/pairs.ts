import { chosenText, preferencePair, rejectedText } from '../preference-pair.ts';
import { defineForm } from './form.ts';

/** What this program writes itself. */
export const pairs = defineForm({
  summary: 'what data import, check and mix write',
  schema: preferencePair,
  fields: ['prompt', 'chosen', 'rejected', 'dimension', 'source', 'licence', 'origin'],
  pairsOf: (pair) => [{ ...pair, chosen: chosenText(pair), rejected: rejectedText(pair) }],
});
