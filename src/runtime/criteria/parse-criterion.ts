import { ConfigError } from '../../core/errors.ts';
import type { SwitchCriterion } from '../../core/switch-criterion.ts';
import { closestName } from '../../models/closest-name.ts';
import { CRITERION_NAMES, type CriterionKind, criterionKind } from './criterion-kinds.ts';
import { CriterionScanner, type Piece } from './criterion-scanner.ts';

/** Texts may come from strangers. The longest sensible ones are far below both limits. */
const LONGEST = 1000;
const DEEPEST = 8;

/**
 * A criterion from its text: a closed grammar of names, numbers and nested calls, such as
 * `anyOf(agreement(window=8, share=0.9), after(40, token(0.95)))`.
 *
 *     criterion = name [ "(" [ argument { "," argument } ] ")" ]
 *     argument  = [ name "=" ] number | criterion
 *
 * Numbers without a name are taken in order; those left out have their defaults. The result's `name` is its canonical
 * text: it parses to the same criterion.
 *
 * @throws ConfigError that names the place and what is allowed there
 */
export function parseCriterion(text: string): SwitchCriterion {
  if (text.length > LONGEST) {
    throw new ConfigError(
      'bad-criterion',
      `The criterion has ${text.length} characters, at most ${LONGEST} are allowed: shorten it.`,
    );
  }
  const scanner = new CriterionScanner(text);
  const criterion = parseCall(scanner, 1);
  if (scanner.next.kind !== 'end') scanner.fail('nothing may follow the criterion');
  return criterion;
}

interface Arguments {
  readonly numbers: Map<string, number>;
  readonly criteria: SwitchCriterion[];
}

function parseCall(scanner: CriterionScanner, depth: number): SwitchCriterion {
  const start = scanner.take();
  if (start.kind !== 'name')
    scanner.fail(`the name of a criterion belongs here, one of ${CRITERION_NAMES.join(', ')}`, start.at);
  if (depth > DEEPEST) scanner.fail(`criteria may be nested ${DEEPEST} deep`, start.at);
  const kind = criterionKind(start.text) ?? unknownCriterion(scanner, start);
  const given: Arguments = { numbers: new Map(), criteria: [] };
  if (scanner.skip('(') && !scanner.skip(')')) {
    do parseArgument(scanner, start.text, kind, given, depth);
    while (scanner.skip(','));
    if (!scanner.skip(')')) scanner.fail('a comma or a closing bracket belongs here');
  }
  assertComplete(scanner, start, kind, given);
  try {
    return kind.create(Object.fromEntries(given.numbers), given.criteria);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return scanner.fail(error.message.replace(/^The /, 'the ').replace(/\.$/, ''), start.at, error);
  }
}

function parseArgument(
  scanner: CriterionScanner,
  owner: string,
  kind: CriterionKind,
  given: Arguments,
  depth: number,
): void {
  const first = scanner.next;
  if (first.kind === 'number') return addPositional(scanner, owner, kind, given);
  if (first.kind !== 'name') scanner.fail(`an argument of ${owner} belongs here; ${signature(owner, kind)}`);
  if (kind.numbers.includes(first.text)) return addNamed(scanner, owner, given);
  if (criterionKind(first.text) === undefined && kind.criteria === 'none') {
    scanner.fail(
      `${owner} has no ${JSON.stringify(first.text)}${meant(first.text, kind.numbers)}; ${signature(owner, kind)}`,
    );
  }
  if (kind.criteria === 'none' || (kind.criteria === 'one' && given.criteria.length === 1)) {
    scanner.fail(
      `${owner} takes no ${given.criteria.length === 1 ? 'second ' : ''}criterion; ${signature(owner, kind)}`,
    );
  }
  given.criteria.push(parseCall(scanner, depth + 1));
}

function addPositional(scanner: CriterionScanner, owner: string, kind: CriterionKind, { numbers }: Arguments): void {
  const name = kind.numbers.find((candidate) => !numbers.has(candidate));
  if (name === undefined) return scanner.fail(`one number too many; ${signature(owner, kind)}`);
  numbers.set(name, Number(scanner.take().text));
}

function addNamed(scanner: CriterionScanner, owner: string, { numbers }: Arguments): void {
  const name = scanner.take();
  if (!scanner.skip('=')) scanner.fail(`"=" and a number belong after ${name.text}`);
  if (numbers.has(name.text)) scanner.fail(`the ${name.text} of ${owner} is given twice`, name.at);
  if (scanner.next.kind !== 'number') scanner.fail(`the ${name.text} of ${owner} must be a number`);
  numbers.set(name.text, Number(scanner.take().text));
}

function assertComplete(scanner: CriterionScanner, start: Piece, kind: CriterionKind, given: Arguments): void {
  const missing = kind.required?.find((name) => !given.numbers.has(name));
  if (missing === undefined && (kind.criteria === 'none' || given.criteria.length > 0)) return;
  scanner.fail(`${start.text} lacks ${missing ?? 'a criterion'}; ${signature(start.text, kind)}`, start.at);
}

function unknownCriterion(scanner: CriterionScanner, { text, at }: Piece): never {
  return scanner.fail(
    `there is no criterion ${JSON.stringify(text)}${meant(text, CRITERION_NAMES)}; there are ${CRITERION_NAMES.join(', ')}`,
    at,
  );
}

function meant(name: string, candidates: readonly string[]): string {
  const closest = closestName(name, candidates);
  return closest === undefined ? '' : ` (did you mean ${closest}?)`;
}

/** `write after(n, criterion)`. */
function signature(name: string, { numbers, criteria }: CriterionKind): string {
  const members = { none: [], one: ['criterion'], some: ['criterion', '…'] }[criteria];
  const all = [...numbers, ...members];
  return `write ${name}${all.length === 0 ? '' : `(${all.join(', ')})`}`;
}
