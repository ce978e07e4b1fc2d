import { settingName } from '../../core/setting-name.ts';
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import type { LineFailure } from '../../batch/batch-request.ts';
import { readAppended } from '../../batch/read-appended.ts';
import { ConfigError } from '../../core/errors.ts';

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
}

/** The rewards of one judge for one strategy's responses: 16 bytes a line of the input. */
export class Rewards {
  readonly #judge: Judge;
  readonly #rewards: Float64Array;
  /** What each is the reward of: `of` as a number, for which 48 bits are exact. */
  readonly #marks: Float64Array;
  #sizeBytes = 0;

  /**
   * What earlier runs left, of which there may be nothing.
   *
   * @param lines how many the input has
   * @throws ConfigError for a file with other content
   */
  static async read(path: string, judge: Judge, lines: number): Promise<Rewards> {
    const rewards = new Rewards(judge, lines);
    if (await stat(path).catch(() => undefined)) await rewards.#read(path);
    return rewards;
  }

  constructor(judge: Judge, lines: number) {
    this.#judge = judge;
    this.#rewards = new Float64Array(lines + 1).fill(Number.NaN);
    this.#marks = new Float64Array(lines + 1).fill(Number.NaN);
  }

  /** As much of the file is whole lines; after it there is at most what an interruption left of one. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** The reward of this very response; NaN where the judge failed; undefined where it was not asked. */
  of(line: number, response: string): number | undefined {
    return this.#marks[line] === markOf(this.#hash(response)) ? this.#rewards[line] : undefined;
  }

  /** A line of the file for what the judge said of a response. */
  lineFor(line: number, response: string, outcome: number | LineFailure): RewardLine {
    const place = { line, judge: this.#judge.name, of: this.#hash(response) };
    return typeof outcome === 'number' ? { ...place, reward: outcome } : { ...place, error: outcome };
  }

  /** Takes note of a line that is in the file. */
  add(entry: RewardLine): void {
    if (entry.judge !== this.#judge.name || entry.line >= this.#marks.length) return;
    this.#marks[entry.line] = markOf(entry.of);
    this.#rewards[entry.line] = 'reward' in entry ? entry.reward : Number.NaN;
  }

  #hash(response: string): string {
    return createHash('sha256').update(this.#judge.key).update('\0').update(response).digest('hex').slice(0, 12);
  }

  async #read(path: string): Promise<void> {
    this.#sizeBytes = await readAppended(path, {
      parse,
      onEntry: (entry) => this.add(entry),
      foreign: (line) => notRewards(path, line),
    });
  }
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

function notRewards(path: string, line: number): ConfigError {
  return new ConfigError(
    'bad-rewards',
    `Line ${line} of ${path} is not what evaluate writes: remove that line, or name another folder with ${settingName('output')}.`,
  );
}
