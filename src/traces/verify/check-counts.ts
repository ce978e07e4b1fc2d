import type { RunResult } from '../../assembly/run-result.ts';
import type { Findings } from './findings.ts';

/** What a trace says of itself: its numbers follow from its tokens, and the draft wrote before the base. */
export function checkCounts({ tokens, usage, text, switch: change, request }: RunResult, findings: Findings): void {
  const drafted = tokens.filter(({ source }) => source === 'draft').length;
  const said = [usage.keptDraftTokens, usage.baseTokens, usage.totalTokens];
  const counted = [drafted, tokens.length - drafted, usage.promptTokens + tokens.length];
  if (said.join() !== counted.join())
    findings.isFalse(
      'counts',
      `usage says ${said.join(', ')} tokens (draft, base, total), but there are ${counted.join(', ')}.`,
    );
  if (tokens.map((token) => token.text).join('') !== text)
    findings.isFalse('text', 'The texts of the tokens do not make up the text of the response.');
  if (request.criterion === null || handsBack(request.strategy)) return;
  const early = tokens.findIndex(({ source }, i) => source === 'base' && i < drafted);
  if (early >= 0) findings.isFalse('switch', `Token ${early} is the base's, but the draft writes after it.`, early);
  if (change === null && drafted < tokens.length) findings.isFalse('switch', 'The base wrote, but there is no switch.');
  if (change !== null && change.index < drafted)
    findings.isFalse(
      'switch',
      `The switch is said to be after ${change.index} tokens, but ${drafted} are the draft's.`,
    );
  if (change !== null && change.index > drafted && drafted < tokens.length)
    findings.isFalse(
      'switch',
      `The switch is said to be after ${change.index} tokens, but the base writes after ${drafted}.`,
    );
}

/** Strategies in which the draft may write again. */
function handsBack(strategy: string): boolean {
  return /^(handback|recheck)\b/.test(strategy);
}
