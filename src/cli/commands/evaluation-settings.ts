import type { BatchSettings } from '../../batch/batch-state.ts';
import { modelsNeeded, type StrategyChoice } from '../../assembly/create-strategy.ts';
import type { ModelRole } from '../../assembly/model-role.ts';
import { strategyFileName } from '../../assembly/notation/strategies/strategy-file-name.ts';
import { usesSetting } from '../../assembly/uses-setting.ts';
import { decodingSettings } from '../../settings/decoding.ts';
import type { Setting } from '../../settings/setting.ts';
import { batchSettings, describeValue } from './batch-settings.ts';

type Values = Readonly<Record<string, unknown>>;

/** Options of the whole evaluation, on which no response depends. */
const WHOLE = ['strategies', 'judge', 'plot'];
const MODELS: readonly ModelRole[] = ['base', 'draft', 'reward', 'aligner'];

/**
 * What one strategy's responses and their times depend on. Options that it does not use are left out, so that they may
 * change without its responses being refused.
 */
export async function strategySettings(values: Values, strategy: StrategyChoice): Promise<BatchSettings> {
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
    ...(await batchSettings(without(values, unused), { withSpeed: true })),
    strategy: strategyFileName(strategy),
  };
}

/** What the report says of the options; the judge changes no response, but its rewards. */
export async function reportSettings({ judge, ...values }: Values): Promise<BatchSettings> {
  return {
    ...(await batchSettings(without(values, ['plot', 'strategies']), { withSpeed: true })),
    ...(typeof judge === 'string' && { judge: await describeValue(judge, { mayBeFile: false }) }),
  };
}

function without(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
}
