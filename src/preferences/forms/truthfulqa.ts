import { z } from 'zod';
import { defineForm } from './form.ts';

const answers = z.string().transform((text) =>
  text
    .split(';')
    .map((answer) => answer.trim())
    .filter((answer) => answer !== ''),
);

/** Every incorrect answer beside a correct one, the best one first; where there are fewer correct ones they come again. */
export const truthfulQa = defineForm({
  summary: 'TruthfulQA.csv: questions with correct and incorrect answers',
  schema: z.object({
    Question: z.string(),
    'Best Answer': z.string(),
    'Correct Answers': answers,
    'Incorrect Answers': answers,
  }),
  fields: ['Question', 'Best Answer', 'Correct Answers', 'Incorrect Answers'],
  source: 'truthfulqa',
  licence: 'Apache-2.0',
  dimensions: ['honest'],
  pairsOf(record) {
    const prompt = [{ role: 'user', content: record.Question.trim() }] as const;
    const best = record['Best Answer'].trim();
    const correct = [best, ...record['Correct Answers'].filter((answer) => answer !== best)];
    return record['Incorrect Answers'].map((rejected, index) => ({
      prompt,
      chosen: correct[index % correct.length]!,
      rejected,
    }));
  },
});
