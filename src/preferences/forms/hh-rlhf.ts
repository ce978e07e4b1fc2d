import { z } from 'zod';
import { readDialogue } from '../../benchmarks/hh-rlhf/read-dialogue.ts';
import { UnusableRecord } from '../records/data-record.ts';
import { DIFFERENT_PROMPTS } from './conversation.ts';
import { defineForm } from './form.ts';

const RESPONSE = '\n\nAssistant:';
const dialogue = z.string().regex(/^\s*Human:/);

/** Two whole conversations as texts, which differ in the last response. */
export const hhRlhf = defineForm({
  summary: 'HH-RLHF: two conversations as texts, "\\n\\nHuman: …\\n\\nAssistant: …"',
  schema: z.object({ chosen: dialogue, rejected: dialogue }),
  fields: ['chosen', 'rejected'],
  source: 'hh-rlhf',
  licence: 'MIT',
  dimensions: ['harmless', 'helpful'],
  pairsOf({ chosen, rejected }) {
    const [better, worse] = [splitResponse(chosen), splitResponse(rejected)];
    if (better.before !== worse.before) throw new UnusableRecord(DIFFERENT_PROMPTS);
    return [{ prompt: readDialogue(chosen), chosen: better.response, rejected: worse.response }];
  },
});

function splitResponse(text: string): { readonly before: string; readonly response: string } {
  const place = text.lastIndexOf(RESPONSE);
  if (place < 0) throw new UnusableRecord('its conversation has no response');
  const response = text.slice(place + RESPONSE.length).trim();
  if (response.includes('\n\nHuman:')) throw new UnusableRecord('its conversation does not end with a response');
  return { before: text.slice(0, place), response };
}
