import { contentOf } from '../../../assembly/run-fingerprint.ts';
import { parseRewardReference } from '../../../assembly/rewards/reward-reference.ts';
import type { FileContent } from '../../../recording/fingerprint.ts';
import { withoutCredentials } from '../../../assembly/without-credentials.ts';
import type { InputScan } from '../../../batch/scan-input.ts';
import type { RewardSource } from './rewards.ts';

/** Up to here versions before this one knew a file by its content. */
const HASHED_BYTES = 1 << 20;

/**
 * A reward model, and what its rewards depend on besides the response: its files, the conversations.
 *
 * @param setting where it was named, for sentences
 * @throws ConfigError for a reference that names no reward model
 */
export async function rewardSource(
  reference: string,
  setting: 'judge' | 'reward',
  system: string | undefined,
  scan: InputScan,
): Promise<RewardSource> {
  const { kind, target, options } = parseRewardReference(reference, setting);
  const head = target.replace(/\.gguf$/i, '.reward.safetensors');
  const named = [target, ...(head === target ? [] : [head]), ...Object.values(options)];
  const files = await Promise.all(
    named.map(async (value) => (await contentOf(value, [value])) ?? withoutCredentials(value)),
  );
  const name = withoutCredentials(reference);
  const keyOf = (known: readonly unknown[]) => JSON.stringify([kind, name, known, system ?? null, scan.sha256]);
  return {
    name,
    key: keyOf(files.map((file) => (typeof file === 'string' ? file : file.sha256))),
    earlierKey: keyOf(files.map(asBefore)),
  };
}

/** As versions before this one described a file. */
function asBefore(content: FileContent | string): unknown {
  if (typeof content === 'string') return content;
  const { file, bytes, modifiedMs, sha256 } = content;
  return bytes! > HASHED_BYTES ? { file, bytes, modifiedMs } : { file, sha256 };
}
