import type { RunResult } from '../../assembly/run-result.ts';
import type { ConfigError } from '../../core/errors.ts';
import type { Verification } from '../../traces/verify/verify-trace.ts';
import { printable } from './printable.ts';
import type { Terminal } from './terminal.ts';

const INDENT = ' '.repeat(11);
/** More than these tell nothing new. */
const MOST_FINDINGS = 8;

/** What was found of one trace: a line, and one for each finding. */
export function verificationLines(
  place: string,
  trace: RunResult | Error,
  outcome: Verification | ConfigError,
  { colours }: Pick<Terminal, 'colours'>,
): string {
  if (outcome instanceof Error) return `${colours.red('refused')}    ${printable(outcome.message)}\n`;
  const { verdict, findings, difference } = outcome;
  const colour = { true: colours.green, false: colours.red, unchecked: colours.yellow }[verdict];
  const head = `${colour(verdict.padEnd(INDENT.length))}${printable(place)}: ${summary(trace as RunResult, difference)}`;
  const told = findings
    .slice(0, MOST_FINDINGS)
    .map(
      ({ claim, verdict: found, message }) =>
        `${INDENT}${found === 'false' ? claim : `${claim} (unchecked)`}: ${printable(message)}`,
    );
  const more =
    findings.length > MOST_FINDINGS ? [`${INDENT}and ${findings.length - MOST_FINDINGS} more (--json has all)`] : [];
  return `${[head, ...told, ...more].join('\n')}\n`;
}

function summary(
  { strategy, tokens, usage, switch: change }: RunResult,
  difference: Verification['difference'],
): string {
  const taken = change ? `, ${usage.keptDraftTokens} drafted, switch after ${change.index}` : '';
  const off =
    difference &&
    `; ln P is off by ${difference.greatestNats.toFixed(3)} at most, ${difference.meanNats.toFixed(3)} on average`;
  return `${strategy}, ${tokens.length} tokens${taken}${off ?? ''}`;
}
