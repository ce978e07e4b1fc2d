import type { RunResult } from '../../assembly/run-result.ts';
import { parseCriterion } from '../../assembly/notation/criteria/parse-criterion.ts';
import { ConfigError } from '../../core/errors.ts';
import type { LanguageModel, TokenScore } from '../../core/language-model.ts';
import { missingStatistics } from '../../core/statistics.ts';
import type { SwitchCriterion } from '../../core/switch-criterion.ts';
import type { Findings } from './findings.ts';
import type { PlacedResponse } from './placed-response.ts';

/** The criterion's values of a trace are sums of its own probabilities, in whatever order they were added. */
const WINDOW_TOLERANCE = 1e-6;
const PAPER_DRAFT_TOKENS = 512;

/**
 * The base took over where the criterion says. It is told the probabilities that the trace claims, which were checked:
 * so its decisions are those of the run to the last digit.
 */
export function checkSwitch(
  trace: RunResult,
  { ids, bytes }: PlacedResponse,
  scores: readonly TokenScore[],
  base: LanguageModel,
  findings: Findings,
): void {
  const criterion = knownCriterion(trace, base, findings);
  if (!criterion) return;
  const detector = criterion.start();
  const drafted = trace.tokens.filter(({ source, logprob }) => source === 'draft' && logprob !== null);
  let accepted: number | undefined;
  for (const [i, { logprob, window }] of drafted.entries()) {
    const token = { ...scores[i]!, token: ids[i]!, logprob: logprob!, bytes: bytes[i]! };
    const { value, accept } = detector.push(token);
    if (!isSame(value ?? null, window))
      findings.isFalse('switch', `At token ${i} the criterion's value is ${String(value)}, not ${String(window)}.`, i);
    if (accept) accepted ??= i;
  }
  checkPlace(trace, { accepted, drafted: drafted.length }, findings);
}

function checkPlace(
  { switch: change, request: { settings } }: RunResult,
  { accepted, drafted }: { readonly accepted: number | undefined; readonly drafted: number },
  findings: Findings,
): void {
  const { index, reason, draftTokens } = change ?? {};
  if (accepted !== undefined && (accepted + 1 !== index || reason !== 'confident')) {
    const place = index === undefined ? 'nowhere' : `after ${index} (${reason!})`;
    findings.isFalse('switch', `The criterion switches after ${accepted + 1} tokens, not ${place}.`, accepted);
  } else if (index !== undefined && index > drafted) {
    findings.isUnchecked(
      'switch',
      `A stop string cut away ${index - drafted} drafted tokens, by which the switch was decided.`,
    );
  } else if (accepted === undefined && reason === 'confident') {
    findings.isFalse('switch', `The criterion does not switch after ${index!} tokens.`);
  }
  const most = Number(settings['maxDraft'] ?? PAPER_DRAFT_TOKENS);
  if (draftTokens !== undefined && draftTokens > most)
    findings.isFalse('switch', `${draftTokens} tokens are said to be drafted, of at most ${most}.`);
}

function knownCriterion({ request }: RunResult, base: LanguageModel, findings: Findings): SwitchCriterion | undefined {
  const name = request.criterion!;
  const unknown = (why: string): undefined => {
    findings.isUnchecked('switch', `The criterion ${name} ${why}.`);
  };
  try {
    const criterion = parseCriterion(name);
    const missing = missingStatistics(criterion.needsStatistics, base.capabilities.statistics);
    if (criterion.needsDraftLogprobs) return unknown("looks at the draft's probabilities, which traces do not have");
    if (missing.length > 0)
      return unknown(`needs ${missing.join(' and ')}, which the engine of ${base.id} does not give`);
    return criterion;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return unknown('is none of those that come with wellbegun');
  }
}

function isSame(one: number | null, other: number | null): boolean {
  if (one === null || other === null) return one === other;
  return Math.abs(one - other) <= WINDOW_TOLERANCE * Math.max(1, Math.abs(one));
}
