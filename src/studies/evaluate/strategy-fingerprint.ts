import { modelsNeeded, type StrategyChoice } from '../../assembly/create-strategy.ts';
import type { ModelRole } from '../../assembly/model-role.ts';
import { strategyFileName } from '../../assembly/notation/strategies/strategy-file-name.ts';
import { fingerprintOf } from '../../assembly/run-fingerprint.ts';
import { usesSetting } from '../../assembly/uses-setting.ts';
import { withoutCredentials } from '../../assembly/without-credentials.ts';
import type { Fingerprint } from '../../recording/fingerprint.ts';
import { decodingSettings } from '../../settings/decoding.ts';
import type { Setting } from '../../settings/setting.ts';

type Values = Readonly<Record<string, unknown>>;

/** Settings of the whole evaluation, on which no response depends. */
const WHOLE = ['strategies', 'judge', 'plot'];
const MODELS: readonly ModelRole[] = ['base', 'draft', 'reward', 'aligner'];

/**
 * What one strategy's responses and their times depend on. Settings that it does not use are left out, so that they may
 * change without its responses being refused.
 */
export async function strategyFingerprint(values: Values, strategy: StrategyChoice): Promise<Fingerprint> {
  const needed = modelsNeeded(strategy, values);
  const unused = [
    ...WHOLE,
    ...MODELS.filter((role) => !needed.includes(role)),
    ...Object.entries<Setting>(decodingSettings).flatMap(([name, setting]) =>
      usesSetting(strategy, setting) ? [] : [name],
    ),
    ...(typeof strategy === 'string' ? ['strategyModule'] : []),
  ];
  return {
    ...(await fingerprintOf(without(values, unused), { withSpeed: true })),
    strategy: strategyFileName(strategy),
  };
}

/** What the report says of the settings; the judge changes no response, but its rewards. */
export async function reportSettings({ judge, ...values }: Values): Promise<Fingerprint> {
  return {
    ...(await fingerprintOf(without(values, ['plot', 'strategies']), { withSpeed: true })),
    ...(typeof judge === 'string' && { judge: withoutCredentials(judge) }),
  };
}

function without(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}
