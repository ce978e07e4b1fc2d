import { ConfigError } from '../../../core/errors.ts';
import type { SwitchCriterion } from '../../../core/switch-criterion.ts';
import { CallScanner, type Piece } from '../grammar/call-scanner.ts';
import { meant, type OpenCall, takeNumber } from '../grammar/number-arguments.ts';
import { CRITERION_NAMES, type CriterionKind, criterionKind } from './criterion-kinds.ts';

/** Texts may come from strangers. The deepest sensible ones are far below. */
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
  const scanner = new CallScanner(text, 'criterion');
  const criterion = parseCall(scanner, 1);
  if (scanner.next.kind !== 'end') scanner.fail('nothing may follow the criterion');
  return criterion;
}

/** A criterion while its arguments are read. */
interface OpenCriterion extends OpenCall {
  readonly kind: CriterionKind;
  readonly criteria: SwitchCriterion[];
}

function parseCall(scanner: CallScanner, depth: number): SwitchCriterion {
  const start = scanner.take();
  if (start.kind !== 'name')
    scanner.fail(`the name of a criterion belongs here, one of ${CRITERION_NAMES.join(', ')}`, start.at);
  if (depth > DEEPEST) scanner.fail(`criteria may be nested ${DEEPEST} deep`, start.at);
  const kind = criterionKind(start.text) ?? unknownCriterion(scanner, start);
  const signature = signatureOf(start.text, kind);
  const call = { owner: start.text, kind, parameters: kind, signature, given: new Map<string, number>(), criteria: [] };
  if (scanner.skip('(') && !scanner.skip(')')) {
    do parseArgument(scanner, call, depth);
    while (scanner.skip(','));
    if (!scanner.skip(')')) scanner.fail('a comma or a closing bracket belongs here');
  }
  assertComplete(scanner, start, call);
  try {
    return kind.create(Object.fromEntries(call.given), call.criteria);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return scanner.fail(error.message.replace(/^The /, 'the ').replace(/\.$/, ''), start.at, error);
  }
}

function parseArgument(scanner: CallScanner, call: OpenCriterion, depth: number): void {
  if (takeNumber(scanner, call)) return;
  const { owner, kind, criteria, signature } = call;
  const first = scanner.next;
  if (first.kind !== 'name') scanner.fail(`an argument of ${owner} belongs here; ${signature}`);
  if (criterionKind(first.text) === undefined && kind.criteria === 'none') {
    scanner.fail(`${owner} has no ${JSON.stringify(first.text)}${meant(first.text, kind.numbers)}; ${signature}`);
  }
  if (kind.criteria === 'none' || (kind.criteria === 'one' && criteria.length === 1)) {
    scanner.fail(`${owner} takes no ${criteria.length === 1 ? 'second ' : ''}criterion; ${signature}`);
  }
  criteria.push(parseCall(scanner, depth + 1));
}

function assertComplete(scanner: CallScanner, start: Piece, { kind, given, criteria, signature }: OpenCriterion): void {
  const missing = kind.required?.find((name) => !given.has(name));
  if (missing === undefined && (kind.criteria === 'none' || criteria.length > 0)) return;
  scanner.fail(`${start.text} lacks ${missing ?? 'a criterion'}; ${signature}`, start.at);
}

function unknownCriterion(scanner: CallScanner, { text, at }: Piece): never {
  return scanner.fail(
    `there is no criterion ${JSON.stringify(text)}${meant(text, CRITERION_NAMES)}; there are ${CRITERION_NAMES.join(', ')}`,
    at,
  );
}

function signatureOf(name: string, { numbers, criteria }: CriterionKind): string {
  const members = { none: [], one: ['criterion'], some: ['criterion', '…'] }[criteria];
  const all = [...numbers, ...members];
  return `write ${name}${all.length === 0 ? '' : `(${all.join(', ')})`}`;
}
