import type { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { type ChosenStrategy, parseStrategy } from '../../assembly/notation/strategies/parse-strategy.ts';
import { SETTINGS_OF_SWITCH } from '../../assembly/notation/strategies/settings-of-switch.ts';
import { givenFlag } from './given-flag.ts';

type Uses = (strategy: ChosenStrategy) => boolean;

const switches: Uses = ({ kind }) => kind.hasSwitch ?? false;

/**
 * Options that only some strategies use, and which. The pair itself may be named for any: who compares strategies changes
 * nothing else.
 */
const USED_BY: Readonly<Record<string, Uses>> = {
  ...Object.fromEntries(SETTINGS_OF_SWITCH.map((name) => [name, switches])),
  template: ({ kind }) => kind.needs.includes('base'),
  draftTemplate: ({ kind }) => kind.needs.includes('draft'),
  reward: ({ kind }) => kind.needs.includes('reward') || kind.mayUse === 'reward',
  aligner: ({ kind }) => kind.needs.includes('aligner'),
  urialExamples: ({ name }) => name === 'urial',
};

/**
 * For commands of one strategy.
 *
 * @throws ConfigError for an option of the command line that the strategy does not use
 */
export function assertForStrategy(command: Command): void {
  const { strategy, compare } = command.opts<{ readonly strategy?: unknown; readonly compare?: boolean }>();
  if (typeof strategy !== 'string') return;
  const chosen = parseStrategy(compare ? 'wsd' : strategy);
  for (const [name, uses] of Object.entries(USED_BY)) {
    const flag = givenFlag(command, name);
    if (flag === undefined || uses(chosen)) continue;
    throw new ConfigError('not-used', `The strategy ${chosen.name} does not use ${flag}: leave it out.`);
  }
}
