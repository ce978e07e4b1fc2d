import { z } from 'zod';

const count = z.int().gte(0);
const share = z.number().gte(0).lte(1);
const interval = z.tuple([z.number(), z.number()]).describe('95%, from and to.');
const spread = z.object({ lowerQuartile: z.number(), median: z.number(), upperQuartile: z.number() });

const switches = z.object({
  confident: count.describe('The criterion was met.'),
  'draft-ended': count.describe('The draft ended its turn before that.'),
  'draft-limit': count.describe('The draft reached its limit before that.'),
  'draft-filtered': count.describe("The filter of the draft's server cut it before that."),
  'draft-empty': count.describe('The draft came to its end without any text.'),
  none: count.describe('The response ended within the draft.'),
  medianIndex: z.number().nullable().describe('k: base tokens that were kept from the draft; of those with a switch.'),
});

const summary = z.object({
  value: z.number().nullable().describe('The mean over items, a share from 0 to 1; null without any grade.'),
  interval: interval.nullable().describe("Wilson's for shares of single answers, else 1000 resamples of items."),
  graded: count.describe('Answers with a grade.'),
  errorRate: share.describe('Answers that could not be made or graded, of those that were asked.'),
  errorsAsWorst: z
    .object({ value: z.number(), interval: interval.nullable() })
    .nullable()
    .describe('The same with the worst grade for those; null where there is no worst.'),
});

const measureReport = summary.extend({
  name: z.string(),
  kind: z.enum(['share', 'mean']),
  by: z.string().describe('Who graded: rules, the sandbox, or a judge by its name.'),
  versusFirst: z
    .object({
      difference: z.number(),
      interval: interval.describe('95%, 1000 resamples of items.'),
      p: share.nullable().describe('Two-sided: the sign test of shares, else a permutation test.'),
      items: count,
    })
    .nullable()
    .describe("Its mean − the first strategy's, on items that both have; null for the first itself."),
});

export type MeasureReport = z.infer<typeof measureReport>;

export const strategyReport = z.object({
  strategy: z.string().describe('As it was given.'),
  answers: z.string().describe('The file of its responses, in the folder of the report.'),
  rewards: z.string().optional().describe('The file of their rewards; only with a reward model.'),
  grades: z.string().optional().describe('The file of grades by the sandbox and by judges; only where there are some.'),
  unusable: z.string().optional().describe('Why it could not answer this task at all.'),
  measures: z.array(measureReport).describe('None for a file of prompts.'),
  diversity: z
    .object({
      distinct1: share.nullable().describe('Different words of all words.'),
      distinct2: share.nullable().describe('Different pairs of neighbouring words of all such pairs.'),
      sameResponse: share.nullable().describe('Responses that another item has word for word.'),
    })
    .nullable()
    .describe('null for a file of prompts.'),
  judging: z
    .object({
      verdicts: count.describe('Questions that the judge answered, in all repeats.'),
      missing: count.describe('Questions to which it gave no verdict; never counted as a tie.'),
      flips: z
        .object({ n: count, rate: share, interval, firstWins: share })
        .nullable()
        .describe(
          'Of comparisons in both orders: the share that the order decides, and how often the answer shown first wins.',
        ),
      length: z
        .object({ n: count, correlation: z.number().nullable(), longerWins: share.nullable() })
        .describe(
          "Pearson's correlation of verdicts with the length of the answer, over the baseline's where there is one.",
        ),
      noise: z
        .object({ n: count, repeats: count, changed: share, gradeDeviation: z.number(), means: z.array(z.number()) })
        .nullable()
        .describe('How far repeats of the same judgment lie apart; null for one.'),
    })
    .nullable()
    .describe('How far the judge can be believed; null without one.'),
  answered: count,
  failed: count.describe('Lines without a response; the other figures are of those that have one.'),
  switch: switches.nullable().describe('null for strategies without a switch.'),
  draftedShare: share.nullable().describe('Tokens of the draft, of all tokens of all responses; null of none.'),
  responseTokens: spread.nullable(),
  cutShare: share.nullable().describe('Responses that a limit of tokens ended.'),
  repeatedShare: share
    .nullable()
    .describe('1 − different / all passages of four words; the mean of responses that have as many.'),
  responseMs: spread.nullable().describe('From the request to the last token.'),
  msPerToken: spread.nullable().describe('responseMs over tokens; without empty responses.'),
  timeRatio: spread
    .extend({ pairs: count })
    .nullable()
    .describe("msPerToken over the first strategy's for the same line; null for the first itself."),
  firstTokenMs: spread.nullable().describe('From the request to the first token.'),
  reward: z
    .object({
      mean: z.number(),
      interval: interval.nullable().describe('Percentile bootstrap, 1000 samples; null for fewer than two.'),
      rewarded: count,
    })
    .nullable(),
  choseByReward: z
    .boolean()
    .describe('The strategy itself chose by the same reward model, whose rewards flatter it then.'),
  betterThanFirst: z
    .object({ share, interval: interval.describe("95%, Wilson's."), pairs: count })
    .nullable()
    .describe(
      "Lines whose reward is above the first strategy's, ties as half; null for the first itself and without a reward model.",
    ),
});

export type StrategyReport = z.infer<typeof strategyReport>;

const taskReport = z.object({
  name: z.string().describe("A benchmark's name, or the file as it was named."),
  folder: z.string().describe('Of its files, within that of the report; the same folder is the empty text.'),
  input: z.object({ file: z.string(), sha256: z.string(), lines: count.describe('That were asked.') }),
  benchmark: z
    .object({ name: z.string(), version: z.string(), form: z.string(), items: count, samples: z.int().gte(1) })
    .nullable()
    .describe('null for a file of prompts.'),
  choices: z
    .object({ by: z.string(), mc1: summary, mc2: summary })
    .nullable()
    .describe("The base's choices between given answers by their log-likelihoods; it writes none of them."),
  strategies: z.array(strategyReport).min(1),
});

export type TaskReport = z.infer<typeof taskReport>;

/** What `wellbegun evaluate` writes as report.json: a stable contract, also in schemas/evaluation-report.schema.json. */
export const evaluationReport = z.object({
  version: z.string().describe('Of wellbegun.'),
  comparedWith: z.string().describe('The first strategy.'),
  reward: z.string().nullable().describe('The reward model, as it was named.'),
  concurrency: z.int().gte(1).describe('Lines that were answered at the same time: more make each of them slower.'),
  settings: z.record(z.string(), z.unknown()).describe('All options but those that name files to write; without keys.'),
  tasks: z.array(taskReport).min(1),
});

export type EvaluationReport = z.infer<typeof evaluationReport>;
