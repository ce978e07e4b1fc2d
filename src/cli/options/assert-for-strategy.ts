import type { Command } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { type ChosenStrategy, parseStrategy } from '../../assembly/notation/strategies/parse-strategy.ts';
import { givenFlag } from './given-flag.ts';

type Uses = (strategy: ChosenStrategy) => boolean;

/** Options of strategies that have a switch. */
export const OF_SWITCH = ['gamma', 'window', 'criterion', 'criterionModule', 'maxDraft', 'onNoSwitch'] as const;

const switches: Uses = ({ kind }) => kind.hasSwitch ?? false;

/**
 * Options that only some strategies use, and which. The pair itself may be named for any: who compares strategies changes
 * nothing else.
 */
const USED_BY: Readonly<Record<string, Uses>> = {
  ...Object.fromEntries(OF_SWITCH.map((name) => [name, switches])),
  template: ({ kind }) => kind.needs.includes('base'),
  draftTemplate: ({ kind }) => kind.needs.includes('draft'),
  reward: ({ kind }) => kind.needs.includes('reward') || kind.mayUse === 'reward',
  aligner: ({ kind }) => kind.needs.includes('aligner'),
  urialExamples: ({ name }) => name === 'urial',
};

interface Given {
  readonly strategy?: unknown;
  readonly strategyModule?: unknown;
  readonly compare?: boolean;
}

/**
 * For commands of one strategy.
 *
 * @throws ConfigError for an option of the command line that the strategy does not use
 */
export function assertForStrategy(command: Command): void {
  const { strategy, strategyModule, compare } = command.opts<Given>();
  // What a module uses is known when it has been run.
  if (typeof strategy !== 'string' || (strategyModule !== undefined && !compare)) return;
  const chosen = parseStrategy(compare ? 'wsd' : strategy);
  for (const [name, uses] of Object.entries(USED_BY)) {
    const flag = givenFlag(command, name);
    if (flag === undefined || uses(chosen)) continue;
    throw new ConfigError('not-used', `The strategy ${chosen.name} does not use ${flag}: leave it out.`);
  }
}
