import type { RunResult } from '../../assembly/run-result.ts';
import type { TokenScore } from '../../core/language-model.ts';
import { mean } from '../../core/mean.ts';
import type { Findings } from './findings.ts';
import { isClose } from './is-close.ts';
import { meanTolerance } from './tolerance.ts';

/**
 * Every logprob of the trace is the base's own.
 *
 * @returns the differences, in nats
 */
export function checkProbabilities(
  { tokens, request }: RunResult,
  scores: readonly TokenScore[],
  toleranceNats: number,
  findings: Findings,
): number[] {
  const differences: number[] = [];
  for (const [i, { source, logprob }] of tokens.entries()) {
    const own = scores[i]!.logprob;
    if (logprob === null) {
      if (source === 'draft' && request.criterion !== null)
        findings.isFalse('probability', `Token ${i} is the draft's and has no probability.`, i);
    } else if (isClose(own, logprob, toleranceNats)) {
      if (Number.isFinite(own)) differences.push(Math.abs(own - logprob));
    } else {
      const [is, said] = [Math.exp(own), Math.exp(logprob)].map((p) => p.toPrecision(4));
      findings.isFalse('probability', `Token ${i} has the probability ${is!}, not ${said!}.`, i);
    }
  }
  const most = meanTolerance(toleranceNats, differences.length);
  if (differences.length > 0 && mean(differences) > most)
    findings.isFalse(
      'probability',
      `ln P differs by ${mean(differences).toFixed(3)} on average, by more than ${most.toFixed(3)}.`,
    );
  return differences;
}
