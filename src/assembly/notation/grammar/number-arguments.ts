import { closestName } from '../../../core/closest-name.ts';
import type { CallScanner } from './call-scanner.ts';

/** The numbers that a call takes. */
export interface NumberParameters {
  /** Names of its numbers, in order; those that `required` does not name have a default. */
  readonly numbers: readonly string[];
  readonly required?: readonly string[];
}

export type Numbers = Readonly<Record<string, number>>;

/** What a call is made with, and what to say where an argument is wrong. */
export interface OpenCall {
  readonly owner: string;
  readonly parameters: NumberParameters;
  /** `write after(n, criterion)`. */
  readonly signature: string;
  readonly given: Map<string, number>;
}

/** Takes `0.8` or `threshold=0.8`; false where something else comes next. */
export function takeNumber(scanner: CallScanner, call: OpenCall): boolean {
  const { next } = scanner;
  if (next.kind === 'number') takePositional(scanner, call);
  else if (next.kind === 'name' && call.parameters.numbers.includes(next.text)) takeNamed(scanner, call);
  else return false;
  return true;
}

/** ` (did you mean window?)`, where a name is close. */
export function meant(name: string, candidates: readonly string[]): string {
  const closest = closestName(name, candidates);
  return closest === undefined ? '' : ` (did you mean ${closest}?)`;
}

function takePositional(scanner: CallScanner, { parameters, given, signature }: OpenCall): void {
  const name = parameters.numbers.find((candidate) => !given.has(candidate));
  if (name === undefined) return scanner.fail(`one number too many; ${signature}`);
  given.set(name, Number(scanner.take().text));
}

function takeNamed(scanner: CallScanner, { owner, given }: OpenCall): void {
  const name = scanner.take();
  if (!scanner.skip('=')) scanner.fail(`"=" and a number belong after ${name.text}`);
  if (given.has(name.text)) scanner.fail(`the ${name.text} of ${owner} is given twice`, name.at);
  if (scanner.next.kind !== 'number') scanner.fail(`the ${name.text} of ${owner} must be a number`);
  given.set(name.text, Number(scanner.take().text));
}
