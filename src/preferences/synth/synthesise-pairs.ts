import { ConfigError } from '../../core/errors.ts';
import type { RewardModel } from '../../core/reward-model.ts';
import { type Failure, isFailure } from '../../recording/failure.ts';
import type { Fingerprint } from '../../recording/fingerprint.ts';
import { checkSettings } from '../../settings/check-settings.ts';
import { synthSettings, type SynthSettings } from '../../settings/data.ts';
import { DropCount } from '../import/drop-count.ts';
import type { DroppedReason } from '../import/import-report.ts';
import { assertOutput, writeLines } from '../output-file.ts';
import type { Dimension } from '../preference-pair.ts';
import { type Candidates, readCandidates } from './read-candidates.ts';
import { rewardAll, type RewardOptions } from './reward-recording.ts';

export interface SynthOptions extends SynthSettings, Partial<Pick<RewardOptions, 'onStart' | 'onReward'>> {
  /** The file of prompts that batches answered. */
  readonly input: string;
  /** The outputs of these batches: of any strategies, models and seeds. */
  readonly responses: readonly string[];
  /** Lines of these outputs for each prompt, in the order of the prompts. Default: their lines are those of the input. */
  readonly perPrompt?: number | undefined;
  readonly output: string;
  readonly dimension: Dimension;
  readonly licence: string;
  /** Called where something is left to be rewarded; what it opens is closed. */
  readonly openReward: () => Promise<RewardModel>;
  /** What rewards depend on besides the texts: the model's name, or its file's hash. */
  readonly fingerprint: Fingerprint;
  /** Reward earlier failures anew. */
  readonly retryFailed?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface SynthReport {
  readonly prompts: number;
  readonly pairs: number;
  /** Why prompts gave no pair. */
  readonly reasons: readonly DroppedReason[];
  readonly output: { readonly file: string; readonly bytes: number; readonly sha256: string };
}

/**
 * Makes pairs of recorded responses: of those to one prompt the one with the greatest reward and the one with the least, where
 * they are apart by a margin. Rewards are recorded, so that the same call goes on where an earlier one ended.
 *
 * @throws ConfigError for files that can't be used, and where no prompt gives a pair; EngineError; WellbegunError where the
 *   output can't be written; AbortError
 */
export async function synthesisePairs(options: SynthOptions): Promise<SynthReport> {
  const { input, responses, output, openReward, onStart, onReward, signal = new AbortController().signal } = options;
  const { dimension, licence, fingerprint, perPrompt, retryFailed = false, ...settings } = options;
  const others = ['input', 'responses', 'output', 'openReward', 'onStart', 'onReward', 'signal'];
  checkSettings(synthSettings, settings, others);
  const { record = `${output}.rewards.jsonl`, margin = synthSettings.margin.default, source = 'synth' } = settings;
  await assertOutput(output, 'output', [input, ...responses]);
  const drops = new DropCount();
  const candidates = await readCandidates(input, responses, perPrompt, signal);
  const several = candidates.filter((one) => one.responses.length > 1);
  for (const { origin } of candidates.filter((one) => one.responses.length <= 1))
    drops.add('it has fewer than two different responses', origin);
  const found = await rewardAll(several, {
    ...{ record, fingerprint, openReward, signal, onStart, onReward, retryFailed },
  });
  const { outcome: pairs, file } = await writeLines(
    output,
    { setting: 'output', inputs: [input, ...responses] },
    async (lines) => {
      let count = 0;
      for (const [index, one] of several.entries()) {
        const best = bestAndWorst(one, found[index]!, margin);
        if (typeof best === 'string') drops.add(best, one.origin);
        else {
          count++;
          await lines.write(`${JSON.stringify({ ...best, dimension, source, licence, origin: one.origin })}\n`);
        }
      }
      if (count === 0) throw noPairs(drops);
      return count;
    },
  );
  return { prompts: candidates.length, pairs, reasons: drops.reasons, output: { file: output, ...file } };
}

/** The pair's texts and rewards, or why there is none. */
function bestAndWorst({ messages, responses }: Candidates, rewards: readonly number[] | Failure, margin: number) {
  if (isFailure(rewards)) return 'its responses could not be rewarded';
  const [best, worst] = [rewards.indexOf(Math.max(...rewards)), rewards.indexOf(Math.min(...rewards))];
  const apart = rewards[best]! - rewards[worst]!;
  if (!(apart > 0 && apart >= margin)) return 'its best and worst response are not far enough apart';
  return {
    prompt: messages,
    chosen: [{ role: 'assistant', content: responses[best] }],
    rejected: [{ role: 'assistant', content: responses[worst] }],
    chosen_reward: rewards[best],
    rejected_reward: rewards[worst],
  };
}

function noPairs(drops: DropCount): ConfigError {
  const [first] = drops.reasons;
  const why = first ? ` (${first.count} of them: ${first.reason})` : '';
  return new ConfigError(
    'no-pairs',
    `No prompt gives a pair${why}: add responses of other strategies or seeds, or lower the margin.`,
  );
}
