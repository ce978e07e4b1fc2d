import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { RewardModel } from '../../core/reward-model.ts';
import { rewardsOf } from '../../core/rewards-of.ts';
import { type Failure, isFailure } from '../../recording/failure.ts';
import type { Fingerprint } from '../../recording/fingerprint.ts';
import { lineParser } from '../../recording/line-parser.ts';
import { openRecording } from '../../recording/open-recording.ts';
import { workThrough } from '../../recording/work-through.ts';
import type { Candidates } from './read-candidates.ts';

/** A line of the recording. The key stands for the prompt and its responses. */
const rewarded = z.object({ key: z.string(), rewards: z.array(z.number()) });
const failed = z.object({ key: z.string(), error: z.object({ code: z.string(), message: z.string() }) });
const item = z.union([rewarded, failed]);

type Item = z.infer<typeof item>;

export interface RewardOptions {
  /** Where rewards are kept, a line for each prompt: the same call goes on there. */
  readonly record: string;
  /** What rewards depend on besides the texts. */
  readonly fingerprint: Fingerprint;
  readonly openReward: () => Promise<RewardModel>;
  /** Reward earlier failures anew. */
  readonly retryFailed: boolean;
  readonly signal: AbortSignal;
  /** Told before the work how many prompts there are, and how many of them earlier runs did. */
  readonly onStart?:
    ((count: { readonly done: number; readonly failed: number; readonly total: number }) => void) | undefined;
  readonly onReward?: ((outcome: { readonly hasFailed: boolean }) => void) | undefined;
}

/**
 * Rewards the responses to each prompt, those of earlier runs left out.
 *
 * @returns the rewards of each of the candidates in order, or why there are none
 * @throws ConfigError for a recording of another reward model; EngineError where the model fails with all; AbortError
 */
export async function rewardAll(
  candidates: readonly Candidates[],
  { record, openReward, signal, fingerprint, onStart, onReward, retryFailed }: RewardOptions,
): Promise<readonly (readonly number[] | Failure)[]> {
  const outcomes = new Map<string, readonly number[] | Failure>();
  await using recording = await openRecording<Item, string>(record, {
    ...{ writer: 'data synth', elsewhere: 'name another file for the rewards', fingerprint, retryFailed, signal },
    parse: lineParser(item),
    idOf: ({ key }) => key,
    hasFailed: (one) => 'error' in one,
    onItem: (one) => outcomes.set(one.key, 'error' in one ? one.error : one.rewards),
  });
  const keys = candidates.map(keyOf);
  const left = candidates.filter((_, index) => !recording.has(keys[index]!));
  const failures = [...outcomes.values()].filter(isFailure).length;
  onStart?.({ done: candidates.length - left.length, failed: failures, total: candidates.length });
  if (left.length > 0) await rewardLeft(left);
  return keys.map((key) => outcomes.get(key)!);

  async function rewardLeft(left: readonly Candidates[]): Promise<void> {
    const model = await openReward();
    try {
      await workThrough<Candidates, number[]>(left, {
        ...{ concurrency: 1, signal },
        answer: ({ messages, responses }) => rewardsOf(model, messages, responses, { signal }),
        async record(one, outcome) {
          const key = keyOf(one);
          await recording.append(isFailure(outcome) ? { key, error: outcome } : { key, rewards: outcome });
          onReward?.({ hasFailed: isFailure(outcome) });
        },
      });
    } finally {
      await model.close();
    }
  }
}

function keyOf({ messages, responses }: Candidates): string {
  return createHash('sha256')
    .update(JSON.stringify([messages, responses]))
    .digest('hex')
    .slice(0, 32);
}
