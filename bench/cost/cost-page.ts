import { FIRST_CHUNK, USUAL_CHUNK } from '../../src/core/index.ts';
import { spreadOf } from '../growth/series.ts';
import { type MeasuredCosts, toPairCosts } from './measure-costs.ts';
import type { RatioRow, ScheduleName } from './measure-ratios.ts';
import { PAPER_PAIR_ON_GPUS, paperPairScoringAs, predictPaperPair, switchFor } from './paper-pair.ts';

export interface MeasuredPair {
  readonly name: string;
  readonly costs: MeasuredCosts;
  readonly rows: readonly RatioRow[];
  /** When, on which machine and with which settings. */
  readonly run: Readonly<Record<string, string | number>>;
}

const PAPER_SWITCHES = [16, 32, 64, 128, 256];
const PAPER_LENGTHS = [256, 512];
/** The paper's best time, over plain decoding of the base. */
const PAPER_RATIO = 0.84;

/** Terms, prediction beside measurement, and predictions for the paper's pair. */
export function costPage(pairs: readonly MeasuredPair[]): string {
  return `# What a response costs

Written by \`npm run bench:cost\`, never by hand.

A response of L tokens, of which the draft's first k are kept, takes of the time of the base alone

    (draft prompt + drafted · d + base prompt + Σ over chunks: score(chunk) + (L − k) · b) / (base prompt + L · b)

with d and b the time of a token that draft and base write, and score(n) the time of scoring n tokens in one pass.
_Chunked_ is wellbegun's schedule: a chunk of ${FIRST_CHUNK} tokens, then chunks of ${USUAL_CHUNK}, or of 32 or 64 where
passes of these sizes take hardly longer, until k are scored, so at most a chunk is in vain. _Reference_ is the authors'
code: a whole draft, then one scoring of it. The model leaves out that a pass grows dearer with the text before it, and
look-up, and has every row of logits computed (\`bench/cost/cost-model.ts\`).

## The terms, measured each by itself

${table(
  [
    'pair',
    'd, ms',
    'b, ms',
    'd / b',
    'draft prompt, base prompt, ms',
    'score(n) in ms, n =',
    'base tokens per draft token',
  ],
  pairs.map(({ name, costs }) => [
    name,
    costs.draftMsPerToken.toFixed(1),
    costs.baseMsPerToken.toFixed(1),
    (costs.draftMsPerToken / costs.baseMsPerToken).toFixed(3),
    `${costs.draftPromptMs.toFixed(0)}, ${costs.basePromptMs.toFixed(0)}`,
    costs.passes.map(({ tokens, ms }) => `${tokens}: ${ms.toFixed(0)}`).join(', '),
    costs.baseTokensPerDraftToken.toFixed(2),
  ]),
)}

## Prediction and measurement

The switch is forced with \`--criterion "fixed(k)"\`, without look-up; each response took turns with the base alone. Time
per token of the response, over the base alone; medians. A draft that ended before k is left out. A base of random
weights writes noise: it is there for its speed alone.

${table(
  ['pair', 'schedule', 'chunks', 'k', 'responses', 'L', 'predicted', 'measured', 'middle half'],
  pairs.flatMap(({ name, rows }) => comparisons(rows).map((cells) => [name, ...cells])),
)}

${pairs.map(runOf).join('\n')}

## A 3B draft before a 70B base

These are predictions. d / b is 3.2 / 70.6, the weights that are read for a token. _GPU_: a pass of up to 150 tokens
takes as long as one token (it reads the same weights), and grows in proportion beyond. _Scoring as measured_: score(n) / b
as measured above for ${pairs.at(-1)!.name}.

${paperTable(pairs.at(-1)!.costs)}

${paperCheck()}
`;
}

function runOf({ name, run }: MeasuredPair): string {
  const facts = Object.entries(run).map(([fact, value]) => `${fact} ${value}`);
  return `- ${name}: ${facts.join(', ')}`;
}

function comparisons(rows: readonly RatioRow[]): string[][] {
  const schedules: readonly ScheduleName[] = ['chunked', 'reference'];
  const switches = [...new Set(rows.map(({ k }) => k))];
  return schedules.flatMap((schedule) =>
    switches.flatMap((k) => {
      const chosen = rows.filter((row) => row.schedule === schedule && row.k === k);
      const chunk = schedule === 'chunked' ? `${FIRST_CHUNK}, ${chosen[0]?.chunk ?? USUAL_CHUNK}` : 'all';
      const [length, predicted, measured] = (['length', 'predicted', 'measured'] as const).map((name) =>
        spreadOf(chosen.map((row) => row[name])),
      );
      if (!length || !predicted || !measured) return [];
      const { lower, median, upper, runs } = measured;
      const middle = runs > 1 ? `${lower.toFixed(2)} to ${upper.toFixed(2)}` : '';
      const shown = [predicted.median.toFixed(2), median.toFixed(2), middle];
      return [[schedule, chunk, String(k), String(runs), length.median.toFixed(0), ...shown]];
    }),
  );
}

function paperTable(measured: MeasuredCosts): string {
  const asHere = paperPairScoringAs(toPairCosts(measured));
  const rows = PAPER_LENGTHS.flatMap((length) =>
    PAPER_SWITCHES.filter((k) => k < length).map((k) => {
      const predictions = [PAPER_PAIR_ON_GPUS, asHere].map((costs) => predictPaperPair(costs, k, length));
      return [
        k,
        length,
        ...predictions.flatMap(({ chunked, reference }) => [chunked.toFixed(2), reference.toFixed(2)]),
      ];
    }),
  );
  const head = [
    'k',
    'L',
    'GPU: chunked',
    'GPU: reference',
    'scoring as measured: chunked',
    'scoring as measured: reference',
  ];
  return table(head, rows);
}

function paperCheck(): string {
  const found = PAPER_LENGTHS.map((length) => ({ length, k: switchFor(PAPER_RATIO, length, PAPER_PAIR_ON_GPUS) }));
  const words = found.map(({ length, k }) => `k = ${k ?? 'none'} of ${length} tokens`);
  return `The paper reports ${PAPER_RATIO} at best for such a pair. The reference schedule on GPUs is predicted to take that at ${words.join(', and at ')}.`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
