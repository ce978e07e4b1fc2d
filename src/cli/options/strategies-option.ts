import { InvalidArgumentError, Option } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { strategyFileName } from '../../assembly/notation/strategies/strategy-file-name.ts';
import { flagOf } from '../../settings/names.ts';
import { splitStrategies } from './split-strategies.ts';

const DEFAULT = ['base', 'draft', 'wsd'];

/** What `evaluate` compares; the first is what the others are compared with. */
export function comparedStrategiesOption(): Option {
  const words =
    "what to compare, each as --strategy of run takes it, perhaps with numbers: 'best-of-n(n=4)'; the others are compared with the first";
  return strategiesOption({ words }).default(DEFAULT, DEFAULT.join(' '));
}

/** `--strategies base wsd 'best-of-n(n=4)'`, or with commas between; given again, it adds to the list. */
export function strategiesOption({ words }: { readonly words: string }): Option {
  const given: string[] = [];
  return new Option('--strategies <texts...>', words).argParser((text: string): string[] => {
    for (const strategy of splitStrategies(text)) add(strategy, given);
    if (given.length === 0) throw new InvalidArgumentError('--strategies names none: give one or more.');
    return given;
  });
}

function add(strategy: string, given: string[]): void {
  try {
    const name = strategyFileName(strategy);
    const same = given.find((other) => strategyFileName(other) === name);
    if (same === undefined) given.push(strategy);
    else throw new InvalidArgumentError(`--strategies has ${strategy} twice: leave one out.`);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const isFile = /[/\\]|\.jsonl?$/.test(strategy);
    throw new InvalidArgumentError(
      isFile
        ? `--strategies takes all words up to the next option, ${strategy} too: put the input before it.`
        : `--strategies: ${error.spelled(flagOf)}`,
    );
  }
}
