import { z } from 'zod';
import { wilsonInterval } from '../../statistics/wilson-interval.ts';
import { gradeGsm8k, type Gsm8kGrade } from '../graders/gsm8k-answer.ts';
import { readRecords } from './read-records.ts';
import type { Figure, Score } from './score.ts';

/** Any other can be met by no response. */
const RIGHT_ANSWER = /^(?:[^]*#### )?-?[$0-9.,]*[0-9][$0-9.,]*$/;
const line = z.object({
  answer: z
    .union([z.string().trim(), z.number().transform(String)], 'expected a text or a number')
    .refine((answer) => RIGHT_ANSWER.test(answer), 'expected a number, or a text that ends with "#### " and a number'),
  response: z.string(),
});

export async function scoreGsm8k(path: string): Promise<Score> {
  const records = await readRecords(path, line);
  const grades = records.map(({ value: { answer, response } }) => gradeGsm8k(answer, response));
  const figure = (name: keyof Gsm8kGrade): Figure => {
    const right = grades.filter((grade) => grade[name]).length;
    return { name, value: right / grades.length, unit: 'share', interval: wilsonInterval(right, grades.length) };
  };
  const figures = [figure('strict'), figure('flexible')] as const;
  const [strict, flexible] = figures;
  return {
    result: { strict: strict.value, flexible: flexible.value, n: grades.length },
    figures,
    notes: [`${grades.length} answers; intervals: 95%, Wilson.`],
  };
}
