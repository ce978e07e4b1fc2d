import { createHash } from 'node:crypto';
import { z } from 'zod';
import { LineSet } from '../../batch/line-set.ts';
import type { Failure } from '../../recording/failure.ts';
import type { RecordingWords } from '../../recording/lock-recording.ts';
import { openRecording, type Recording } from '../../recording/open-recording.ts';

const place = {
  line: z.int().gte(1).describe('Of the input, as an editor numbers it: from 1, blank lines counted.'),
  judge: z.string().describe('The reward model, as it was named.'),
  of: z
    .string()
    .regex(/^[0-9a-f]{12}$/)
    .describe('A hash of the response, the judge and what else its reward depends on.'),
};

/** A line of a file of rewards. Of several lines of one judge on one line of the input the last one counts. */
export const rewardLine = z.union([
  z.object({ ...place, reward: z.number() }),
  z.object({ ...place, error: z.object({ code: z.string(), message: z.string() }) }),
]);

export type RewardLine = z.infer<typeof rewardLine>;

/** Who judges. */
export interface Judge {
  /** As a person named it. */
  readonly name: string;
  /** Everything that its rewards depend on besides the response. */
  readonly key: string;
  /** The same as versions before this one wrote it. */
  readonly earlierKey?: string;
}

/** The rewards of one judge for one strategy's responses: 16 bytes a line of the input. */
export class Rewards implements AsyncDisposable {
  readonly #judge: Judge;
  readonly #recording: Recording<RewardLine, number>;
  readonly #columns: RewardColumns;

  constructor(judge: Judge, recording: Recording<RewardLine, number>, columns: RewardColumns) {
    this.#judge = judge;
    this.#recording = recording;
    this.#columns = columns;
  }

  /** The reward of this very response; NaN where the judge failed; undefined where it was not asked. */
  of(line: number, response: string): number | undefined {
    const mark = this.#columns.marks[line];
    const { key, earlierKey = key } = this.#judge;
    const isKnown = [key, earlierKey].some((each) => mark === markOf(hashOf(each, response)));
    return isKnown ? this.#columns.rewards[line] : undefined;
  }

  /** Resolves once what the judge said of a response is on the disk. */
  async append(line: number, response: string, outcome: number | Failure): Promise<void> {
    const place = { line, judge: this.#judge.name, of: hashOf(this.#judge.key, response) };
    await this.#recording.append(
      typeof outcome === 'number' ? { ...place, reward: outcome } : { ...place, error: outcome },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#recording.close();
  }
}

/** Each [lines of the input + 1], by the line's number; NaN where there is nothing. */
interface RewardColumns {
  readonly rewards: Float64Array;
  /** What each is the reward of: `of` as a number, for which 48 bits are exact. */
  readonly marks: Float64Array;
}

/**
 * What earlier runs left, of which there may be nothing.
 *
 * @param lines how many the input has
 * @throws ConfigError for a file with other content, or one that is being written
 */
export async function openRewards(path: string, judge: Judge, lines: number, words: RecordingWords): Promise<Rewards> {
  const column = () => new Float64Array(lines + 1).fill(Number.NaN);
  const columns = { rewards: column(), marks: column() };
  const recording = await openRecording<RewardLine, number>(path, {
    ...words,
    parse,
    idOf: ({ line }) => line,
    ids: () => new LineSet(lines),
    onItem(entry) {
      if (entry.judge !== judge.name || entry.line > lines) return;
      columns.marks[entry.line] = markOf(entry.of);
      columns.rewards[entry.line] = 'reward' in entry ? entry.reward : Number.NaN;
    },
  });
  return new Rewards(judge, recording, columns);
}

function hashOf(key: string, response: string): string {
  return createHash('sha256').update(key).update('\0').update(response).digest('hex').slice(0, 12);
}

function markOf(hash: string): number {
  return Number.parseInt(hash, 16);
}

function parse(text: string): RewardLine | undefined {
  try {
    return rewardLine.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
