import type { Option } from 'commander';
import { parseCriterion } from '../../assembly/notation/criteria/parse-criterion.ts';
import { parseStrategy, strategySignature } from '../../assembly/notation/strategies/parse-strategy.ts';
import { STRATEGY_KINDS, type StrategyKind } from '../../assembly/notation/strategies/strategy-kinds.ts';
import { catalogue } from '../../models/catalogue.ts';
import { decodingSettings } from '../../settings/decoding.ts';
import { pairSettings } from '../../settings/model.ts';
import type { ConfigFile } from './config-file.ts';
import { LEAVE_OUT, tableOptions } from './table-options.ts';

/** Options that name models and say how they are loaded. */
export function modelOptions(config: ConfigFile): Option[] {
  const { base, draft } = catalogue.defaultPair;
  const extras = { base: { default: base }, draft: { default: draft } };
  return tableOptions(pairSettings, config, { extras, wayOut: LEAVE_OUT });
}

/** Options that say how one response is decoded. */
export function decodingOptions(config: ConfigFile, { onLoop }: { readonly onLoop?: 'stop' | 'off' } = {}): Option[] {
  const kinds = Object.entries<StrategyKind>(STRATEGY_KINDS);
  const list = kinds.map(([name, kind]) => `${strategySignature(name, kind)}: ${kind.summary}`);
  const words = `${decodingSettings.strategy.words}:\n${list.join(';\n')}`;
  const extras = {
    strategy: { words, check: parseStrategy },
    criterion: { check: parseCriterion },
    ...(onLoop && { onLoop: { default: onLoop } }),
  };
  return tableOptions(decodingSettings, config, { extras });
}
