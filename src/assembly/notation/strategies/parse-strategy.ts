import { checkNumbers } from '../../../strategies/check-numbers.ts';
import { CallScanner, type Piece } from '../grammar/call-scanner.ts';
import { meant, type Numbers, takeNumber } from '../grammar/number-arguments.ts';
import { STRATEGY_NAMES, type StrategyKind, strategyKind } from './strategy-kinds.ts';

/** A strategy as a user chose it. */
export interface ChosenStrategy {
  /** A name of `STRATEGY_NAMES`, or that of one's own decoder. */
  readonly name: string;
  readonly kind: StrategyKind;
  /** Those that were given; the others have their defaults. */
  readonly numbers: Numbers;
}

/**
 * A strategy from its text, in the grammar of criteria: a name, and numbers by name or in order, such as
 * `cards(threshold=2.5, entropy=3)`.
 *
 * @throws ConfigError that names the place and what is allowed there
 */
export function parseStrategy(text: string): ChosenStrategy {
  const scanner = new CallScanner(text, 'strategy');
  const start = scanner.take();
  const kind = (start.kind === 'name' ? strategyKind(start.text) : undefined) ?? unknownStrategy(scanner, start);
  const names = Object.keys(kind.numbers);
  const signature = `write ${strategySignature(start.text, kind)}`;
  const given = new Map<string, number>();
  const call = { owner: start.text, parameters: { numbers: names }, signature, given };
  if (scanner.skip('(') && !scanner.skip(')')) {
    do if (!takeNumber(scanner, call)) unknownNumber(scanner, start.text, names, signature);
    while (scanner.skip(','));
    if (!scanner.skip(')')) scanner.fail('a comma or a closing bracket belongs here');
  }
  if (scanner.next.kind !== 'end') scanner.fail('nothing may follow the strategy');
  const numbers = Object.fromEntries(given);
  checkNumbers(start.text, kind.numbers, numbers);
  return { name: start.text, kind, numbers };
}

/** `args(k, weight)`. */
export function strategySignature(name: string, { numbers }: StrategyKind): string {
  const names = Object.keys(numbers);
  return names.length === 0 ? name : `${name}(${names.join(', ')})`;
}

function unknownStrategy(scanner: CallScanner, { kind, text, at }: Piece): never {
  const wrong =
    kind === 'name'
      ? `there is no strategy ${JSON.stringify(text)}${meant(text, STRATEGY_NAMES)}`
      : 'the name of a strategy belongs here';
  return scanner.fail(`${wrong}; there are ${STRATEGY_NAMES.join(', ')}`, at);
}

function unknownNumber(scanner: CallScanner, owner: string, numbers: readonly string[], signature: string): never {
  const { kind, text } = scanner.next;
  if (kind !== 'name') return scanner.fail(`a number of ${owner} belongs here; ${signature}`);
  return scanner.fail(`${owner} has no ${JSON.stringify(text)}${meant(text, numbers)}; ${signature}`);
}
