import { z } from 'zod';
import { FINISH_REASONS, type FinishReason, type TokenId } from '../../core/language-model.ts';
import type { DraftedToken } from '../../core/switch-criterion.ts';

/** A drafted token as the base saw it, and how far the draft had got by then. */
export interface RecordedToken extends DraftedToken {
  /** Draft tokens written when the base had judged this one, in the draft's vocabulary: whole chunks. */
  readonly drafted: number;
}

/** Measured times. Prompts' times include the first token; the others begin with the prompt in the cache. */
export interface MeasuredTimes {
  readonly draftPromptMs: number;
  readonly draftMs: number;
  readonly draftTokens: number;
  readonly scoreMs: number;
  readonly basePromptMs: number;
  readonly baseMs: number;
  readonly baseTokens: number;
}

/** The base's view of a full draft: all that any criterion could have seen of it. */
export interface DraftRecord {
  readonly prompt: string;
  /** Why the draft ended: by itself, or at its limit. */
  readonly finish: FinishReason;
  readonly tokens: readonly RecordedToken[];
  readonly times: MeasuredTimes;
}

const count = z.int().gte(0);
const time = z.number().gte(0);

/** A line of a record file. The columns have an entry a token; those of missing capabilities are missing. */
const line = z.object({
  prompt: z.string(),
  text: z.string().describe("The draft's text. Each token's part of it is given by byteLength, in bytes of UTF-8."),
  finish: z.enum(FINISH_REASONS),
  token: z.array(count),
  byteLength: z.array(count),
  logprob: z.array(z.number().nullable()).describe('null is −∞.'),
  rank: z.array(count).optional(),
  entropy: z.array(time).optional(),
  firstChoice: z.array(count).optional(),
  draftLogprob: z.array(z.number().nullable()).optional().describe('null is unknown.'),
  drafted: z.array(count),
  times: z.object({
    draftPromptMs: time,
    draftMs: time,
    draftTokens: count,
    scoreMs: time,
    basePromptMs: time,
    baseMs: time,
    baseTokens: count,
  }),
});

type Line = z.infer<typeof line>;

export function toLine({ prompt, finish, tokens, times }: DraftRecord): string {
  const bytes = Buffer.concat(tokens.map((token) => token.bytes));
  const written: Line = {
    prompt,
    text: bytes.toString(),
    finish,
    token: tokens.map(({ token }) => token),
    byteLength: tokens.map((token) => token.bytes.length),
    logprob: tokens.map(({ logprob }) => (Number.isFinite(logprob) ? logprob : null)),
    rank: column(tokens, 'rank'),
    entropy: column(tokens, 'entropy'),
    firstChoice: column(tokens, 'firstChoice'),
    draftLogprob: column(tokens, 'draftLogprob')?.map((value) => (Number.isFinite(value) ? value : null)),
    drafted: tokens.map(({ drafted }) => drafted),
    times,
  };
  return JSON.stringify(written);
}

/** @throws Error for anything but a line of `toLine` */
export function fromLine(text: string): DraftRecord {
  const { prompt, finish, times, ...columns } = line.parse(JSON.parse(text));
  return { prompt, finish, times, tokens: toTokens(columns) };
}

function toTokens(columns: Omit<Line, 'prompt' | 'finish' | 'times'>): RecordedToken[] {
  const bytes = Buffer.from(columns.text);
  const { rank, entropy, firstChoice, draftLogprob } = columns;
  let end = 0;
  return columns.token.map((token, i) => ({
    token: token as TokenId,
    bytes: bytes.subarray(end, (end += columns.byteLength[i]!)),
    logprob: columns.logprob[i] ?? -Infinity,
    drafted: columns.drafted[i]!,
    ...(rank && { rank: rank[i]! }),
    ...(entropy && { entropy: entropy[i]! }),
    ...(firstChoice && { firstChoice: firstChoice[i]! as TokenId }),
    ...(draftLogprob && { draftLogprob: draftLogprob[i] ?? Number.NaN }),
  }));
}

type Statistic = 'rank' | 'entropy' | 'firstChoice' | 'draftLogprob';

/** The values of a key that the tokens have; undefined where they don't. */
function column(tokens: readonly RecordedToken[], key: Statistic): number[] | undefined {
  const values = tokens.map((token) => token[key]).filter((value) => value !== undefined);
  return values.length === tokens.length ? values : undefined;
}
