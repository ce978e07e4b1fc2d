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

export const strategyReport = z.object({
  strategy: z.string().describe('As it was given.'),
  answers: z.string().describe('The file of its responses, in the folder of the report.'),
  rewards: z.string().optional().describe('The file of their rewards; only with a judge.'),
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
      judged: count,
    })
    .nullable(),
  choseByJudge: z
    .boolean()
    .describe('The strategy itself chose by the reward model that judges, whose rewards flatter it then.'),
  betterThanFirst: z
    .object({ share, interval: interval.describe("95%, Wilson's."), pairs: count })
    .nullable()
    .describe(
      "Lines whose reward is above the first strategy's, ties as half; null for the first itself and without a judge.",
    ),
});

export type StrategyReport = z.infer<typeof strategyReport>;

/** What `wellbegun evaluate` writes as report.json: a stable contract, also in schemas/evaluation-report.schema.json. */
export const evaluationReport = z.object({
  version: z.string().describe('Of wellbegun.'),
  input: z.object({ file: z.string(), sha256: z.string(), lines: count.describe('That were asked.') }),
  comparedWith: z.string().describe('The first strategy.'),
  judge: z.string().nullable().describe('The reward model, as it was named.'),
  concurrency: z.int().gte(1).describe('Lines that were answered at the same time: more make each of them slower.'),
  settings: z.record(z.string(), z.unknown()).describe('All options but those that name files to write; without keys.'),
  strategies: z.array(strategyReport).min(1),
});

export type EvaluationReport = z.infer<typeof evaluationReport>;
