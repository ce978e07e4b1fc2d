import { z } from 'zod';
import { LineSet } from '../../../batch/line-set.ts';
import type { Failure } from '../../../recording/failure.ts';
import { lineParser } from '../../../recording/line-parser.ts';
import type { RecordingWords } from '../../../recording/lock-recording.ts';
import { answerKey } from './answer-key.ts';
import { openRecording, type Recording } from '../../../recording/open-recording.ts';

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

/** A reward model, and what its rewards depend on. */
export interface RewardSource {
  /** As a person named it. */
  readonly name: string;
  /** Everything that its rewards depend on besides the response. */
  readonly key: string;
  /** The same as versions before this one wrote it. */
  readonly earlierKey?: string;
}

/** The rewards of one reward model for one strategy's responses: 16 bytes a line of the input. */
export class Rewards implements AsyncDisposable {
  readonly #source: RewardSource;
  readonly #recording: Recording<RewardLine, number>;
  readonly #columns: RewardColumns;

  constructor(source: RewardSource, recording: Recording<RewardLine, number>, columns: RewardColumns) {
    this.#source = source;
    this.#recording = recording;
    this.#columns = columns;
  }

  /** The reward of this very response; NaN where the reward model failed; undefined where it was not asked. */
  of(line: number, response: string): number | undefined {
    const mark = this.#columns.marks[line];
    const { key, earlierKey = key } = this.#source;
    const isKnown = [key, earlierKey].some((each) => mark === markOf(answerKey(each, response)));
    return isKnown ? this.#columns.rewards[line] : undefined;
  }

  /** Resolves once what the reward model said of a response is on the disk. */
  async append(line: number, response: string, outcome: number | Failure): Promise<void> {
    const place = { line, judge: this.#source.name, of: answerKey(this.#source.key, response) };
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
export async function openRewards(
  path: string,
  source: RewardSource,
  lines: number,
  words: RecordingWords,
): Promise<Rewards> {
  const column = () => new Float64Array(lines + 1).fill(Number.NaN);
  const columns = { rewards: column(), marks: column() };
  const recording = await openRecording<RewardLine, number>(path, {
    ...words,
    parse: lineParser(rewardLine),
    idOf: ({ line }) => line,
    ids: () => new LineSet(lines),
    onItem(entry) {
      if (entry.judge !== source.name || entry.line > lines) return;
      columns.marks[entry.line] = markOf(entry.of);
      columns.rewards[entry.line] = 'reward' in entry ? entry.reward : Number.NaN;
    },
  });
  return new Rewards(source, recording, columns);
}

function markOf(hash: string): number {
  return Number.parseInt(hash, 16);
}
