import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';
import { meanInterval } from '../../statistics/mean-interval.ts';
import {
  type Comparison,
  type LengthControlled,
  lengthControlledWinRate,
} from '../graders/length-controlled/length-controlled.ts';
import { toWin, winRate } from '../graders/win-rate.ts';
import { readGlmData } from './read-glm-data.ts';
import { readRecords } from './read-records.ts';
import type { Score, ScoreSettings } from './score.ts';

const preference = z
  .number('expected a number from 1 to 2, 0 for a tie, or null')
  .refine((value) => value === 0 || (value >= 1 && value <= 2), 'expected a number from 1 to 2, 0 for a tie, or null');
const annotation = z.object({
  output_1: z.string(),
  output_2: z.string(),
  preference: preference.nullish(),
  generator_1: z.string().optional(),
  generator_2: z.string().optional(),
  annotator: z.string().optional(),
});
type Annotation = z.infer<typeof annotation>;

/** Fewer can't be split for the choice of the penalty. */
const FEWEST = 5;

export async function scoreAlpacaEval2(path: string, settings: ScoreSettings): Promise<Score> {
  const annotations = (await readRecords(path, annotation)).map(({ value }) => value);
  const { model, baseline, judge } = namesIn(annotations, path);
  const comparisons = annotations.map(toComparison);
  const preferences = comparisons.map(({ preference: given }) => given);
  const raw = winRate(preferences);
  if (raw.n < FEWEST)
    throw new ConfigError('too-few-lines', `${path} has ${raw.n} preferences: a win rate takes ${FEWEST} or more.`);
  const controlled = model !== undefined && model === baseline ? undefined : await control(comparisons, settings);
  const wins = preferences.flatMap((given) => (given === undefined ? [] : [100 * toWin(given)]));
  return {
    result: {
      winRate: raw.winRate,
      // A model against itself has half, by definition.
      lengthControlledWinRate: controlled?.lengthControlledWinRate ?? 50,
      glm: controlled?.glm ?? 'length_controlled_v1',
      standardError: raw.standardError,
      n: raw.n,
    },
    figures: [
      { name: 'win rate', value: raw.winRate, unit: 'percent', interval: meanInterval(wins) },
      { name: 'length-controlled', value: controlled?.lengthControlledWinRate ?? 50, unit: 'percent' },
    ],
    notes: notesOf({ model, baseline, judge }, { n: raw.n, of: annotations.length, controlled }),
  };
}

async function control(comparisons: readonly Comparison[], settings: ScoreSettings): Promise<LengthControlled> {
  const gamed = await readGlmData(comparisons.length, settings);
  return lengthControlledWinRate(comparisons, gamed);
}

function toComparison({ output_1, output_2, preference: given }: Annotation): Comparison {
  return { baselineOutput: output_1, modelOutput: output_2, preference: given ?? undefined };
}

interface Names {
  readonly model: string | undefined;
  readonly baseline: string | undefined;
  readonly judge: string | undefined;
}

/** @throws ConfigError for a file of several models, baselines or judges */
function namesIn(annotations: readonly Annotation[], path: string): Names {
  const only = (field: 'generator_1' | 'generator_2' | 'annotator') => {
    const names = new Set(annotations.map((row) => row[field]));
    if (names.size > 1)
      throw new ConfigError(
        'mixed-lines',
        `${path} has ${names.size} different values of ${field}: score one at a time.`,
      );
    return [...names][0];
  };
  return { model: only('generator_2'), baseline: only('generator_1'), judge: only('annotator') };
}

function notesOf(
  { model = 'the model', baseline = 'the baseline', judge = 'not named' }: Names,
  { n, of, controlled }: { n: number; of: number; controlled: LengthControlled | undefined },
): string[] {
  const glm = controlled
    ? `Length-controlled by ${controlled.glm}; s.e. of its mean: ${controlled.standardError.toFixed(2)}.`
    : 'A model against itself.';
  return [
    `${model} against ${baseline}: ${n} preferences${n < of ? `, ${of - n} rows without one` : ''}. Judge: ${judge}.`,
    glm,
    'Interval: 95%, 1000 seeded resamples.',
  ];
}
