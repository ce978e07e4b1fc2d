import type { RunResult } from '../../assembly/run-result.ts';
import type { LanguageModel, TokenScore } from '../../core/language-model.ts';
import { missingStatistics } from '../../core/statistics.ts';
import { mean } from '../../core/mean.ts';
import type { Findings } from './findings.ts';
import { meanTolerance } from './tolerance.ts';

/**
 * Every token of the base is its own first choice, or as likely within the tolerance.
 *
 * @returns whether that can be told
 */
export function checkGreedy(
  { tokens, request: { settings } }: RunResult,
  scores: readonly TokenScore[],
  base: LanguageModel,
  toleranceNats: number,
  findings: Findings,
): boolean {
  const why = whyUnchecked(settings, base);
  if (why !== undefined) {
    if (tokens.some(({ source }) => source === 'base'))
      findings.isUnchecked('greedy', `What the base wrote was not checked: ${why}.`);
    return false;
  }
  const regrets: number[] = [];
  for (const [i, { source, id, text }] of tokens.entries()) {
    const { firstChoice, firstChoiceLogprob = 0, logprob } = scores[i]!;
    if (source !== 'base') continue;
    const regret = firstChoice === id ? 0 : firstChoiceLogprob - logprob;
    if (regret <= toleranceNats) regrets.push(regret);
    else findings.isFalse('greedy', `Token ${i}, ${JSON.stringify(text)}, is not what the base writes there.`, i);
  }
  const most = meanTolerance(toleranceNats, regrets.length);
  if (regrets.length > 0 && mean(regrets) > most)
    findings.isFalse(
      'greedy',
      `The base\'s tokens are ${mean(regrets).toFixed(3)} nats below its first choices on average, by more than ${most.toFixed(3)}.`,
    );
  return true;
}

function whyUnchecked(settings: RunResult['request']['settings'], base: LanguageModel): string | undefined {
  const { temperature = 0, repetitionPenalty = 1 } = settings;
  if (temperature !== 0) return `it was sampled, at temperature ${String(temperature)}`;
  if (repetitionPenalty !== 1) return `it had a repetition penalty of ${String(repetitionPenalty)}`;
  if (missingStatistics(['firstChoice'], base.capabilities.statistics).length > 0)
    return `the engine of ${base.id} does not give its first choice at given tokens`;
  return undefined;
}
