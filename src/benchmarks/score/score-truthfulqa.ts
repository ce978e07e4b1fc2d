import { z } from 'zod';
import { mean } from '../../core/mean.ts';
import { meanInterval } from '../../statistics/mean-interval.ts';
import { wilsonInterval } from '../../statistics/wilson-interval.ts';
import { gradeOverlap, TRUTHFUL_MEASURES } from '../graders/truthful-overlap.ts';
import { truthfulQa } from '../truthfulqa/truthfulqa.ts';
import { brokenLine, readRecords } from './read-records.ts';
import type { Figure, Score, ScoreSettings } from './score.ts';

const line = z.object({ question: z.string(), response: z.string() });

export async function scoreTruthfulQa(path: string, { data }: ScoreSettings): Promise<Score> {
  const records = await readRecords(path, line);
  const items = await truthfulQa.loadItems(data);
  const byQuestion = new Map(items.map((item) => [item.question, item]));
  const grades = records.map(({ line: number, value: { question, response } }) => {
    const item = byQuestion.get(question.trim());
    if (!item) throw brokenLine(path, number, `TruthfulQA has no question ${JSON.stringify(question)}`);
    return gradeOverlap(response, item.references);
  });
  const figures = TRUTHFUL_MEASURES.map((name) =>
    toFigure(
      name,
      grades.map((grade) => grade[name]),
    ),
  );
  const measures = Object.fromEntries(figures.map(({ name, value }) => [name, value]));
  const intervals = Object.fromEntries(figures.map(({ name, interval }) => [name, interval ?? null]));
  return {
    result: { ...measures, n: grades.length, intervals },
    figures,
    notes: [
      `${grades.length} of ${items.length} questions; BLEU and ROUGE as lm-eval's truthfulqa_gen, version 3, in points of 100.`,
      'max: the best overlap with a correct answer; diff: how much more than with an incorrect one; acc: how often more.',
    ],
  };
}

function toFigure(name: string, values: readonly number[]): Figure {
  const value = mean(values);
  if (!name.endsWith('_acc')) return { name, value, unit: 'points', interval: meanInterval(values) };
  return { name, value, unit: 'share', interval: wilsonInterval(value * values.length, values.length) };
}
