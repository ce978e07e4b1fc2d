import type { InputScan } from '../../batch/scan-input.ts';
import type { Judge } from '../../studies/evaluate/rewards.ts';
import { parseRewardReference } from '../../assembly/rewards/reward-reference.ts';
import { describeValue } from './batch-settings.ts';

/**
 * Who judges, and what rewards depend on besides the response: the files of the judge, the conversations.
 *
 * @throws ConfigError for a reference that names no reward model
 */
export async function evaluationJudge(
  reference: string,
  setting: 'judge' | 'reward',
  system: string | undefined,
  scan: InputScan,
): Promise<Judge> {
  const { kind, target, options } = parseRewardReference(reference, setting);
  const head = target.replace(/\.gguf$/i, '.reward.safetensors');
  const named = [target, ...(head === target ? [] : [head]), ...Object.values(options)];
  const files = await Promise.all(named.map((value) => describeValue(value, { mayBeFile: true })));
  const name = String(await describeValue(reference, { mayBeFile: false }));
  return { name, key: JSON.stringify([kind, name, files, system ?? null, scan.sha256]) };
}
