import { parse } from 'csv-parse/sync';
import { z } from 'zod';

export interface TruthfulQuestion {
  readonly question: string;
  readonly category: string;
  readonly best: string;
  readonly correct: readonly string[];
  readonly incorrect: readonly string[];
}

const answers = z.string().transform((text) =>
  text
    .split(';')
    .map((answer) => answer.trim())
    .filter((answer) => answer !== ''),
);

const row = z.object({
  Question: z.string().trim().min(1),
  Category: z.string(),
  'Best Answer': z.string().trim(),
  'Correct Answers': answers,
  'Incorrect Answers': answers,
});

/** The rows of TruthfulQA.csv; answers are apart by semicolons. */
export function readTruthfulQuestions(csv: string): TruthfulQuestion[] {
  const rows = z.array(row).parse(parse(csv, { columns: true, bom: true, skip_empty_lines: true, relax_quotes: true }));
  return rows.map((fields) => ({
    question: fields.Question,
    category: fields.Category,
    best: fields['Best Answer'],
    correct: fields['Correct Answers'],
    incorrect: fields['Incorrect Answers'],
  }));
}
