import { z } from 'zod';

/** What a pair teaches. */
export const DIMENSIONS = ['harmless', 'helpful', 'honest'] as const;

export type Dimension = (typeof DIMENSIONS)[number];

const message = z.looseObject({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });
const response = z.looseObject({ role: z.literal('assistant'), content: z.string() });

/** A line of the files that `data import`, `check` and `mix` write: TRL's conversational form with an explicit prompt. */
export const preferencePair = z.looseObject({
  prompt: z.array(message).min(1).describe('The conversation up to the response; the user speaks last.'),
  chosen: z.array(response).length(1).describe('The better response.'),
  rejected: z.array(response).length(1).describe('The worse response to the same prompt.'),
  dimension: z.enum(DIMENSIONS).describe('In what the chosen response is better.'),
  source: z.string().min(1).describe('The data set that it comes from.'),
  licence: z.string().min(1).describe('Of the data set, such as MIT or CC-BY-NC-4.0.'),
  origin: z.string().min(1).describe('The file and its line or row, from 1: train.jsonl.gz:17.'),
});

export type PreferencePair = z.infer<typeof preferencePair>;

export function chosenText({ chosen }: PreferencePair): string {
  return chosen[0]!.content;
}

export function rejectedText({ rejected }: PreferencePair): string {
  return rejected[0]!.content;
}
