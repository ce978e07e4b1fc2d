import type { RunResult } from '../../assembly/run-result.ts';
import { settingName } from '../../core/setting-name.ts';
import { ContextOverflowError } from '../../core/errors.ts';
import type { LanguageModel } from '../../core/language-model.ts';
import type { PromptFormat } from '../../core/prompt-format.ts';
import { missingStatistics } from '../../core/statistics.ts';
import { checkCounts } from './check-counts.ts';
import { checkEnd } from './check-end.ts';
import { checkGreedy } from './check-greedy.ts';
import { checkProbabilities } from './check-probabilities.ts';
import { checkSwitch } from './check-switch.ts';
import { checkTexts } from './check-texts.ts';
import { type Finding, Findings } from './findings.ts';
import { mean } from '../../core/mean.ts';
import { placeResponse } from './placed-response.ts';
import { TOLERANCE_NATS } from './tolerance.ts';

/** Strategies of which every claim is known, besides those with a switch and no return. */
const BASE_ALONE = new Set(['base', 'urial']);
/** Strategies whose tokens are not in the base's vocabulary. */
const OWN_VOCABULARY = new Set(['draft', 'aligner']);

export interface VerifyOptions {
  /** By how much the logprob of a token may differ, in nats above 0: and by less on average, see `meanTolerance`. Default: 0.75. */
  readonly toleranceNats?: number;
  /** How the base sees a conversation by this strategy: the prompt is then compared with the messages. */
  readonly format?: PromptFormat | undefined;
}

export interface Verification {
  /** `true`: every claim was checked and holds. `unchecked`: none is false, and some could not be checked. */
  readonly verdict: 'true' | 'false' | 'unchecked';
  readonly findings: readonly Finding[];
  /** Between the logprobs of the trace and the base's own, in nats; undefined where there are none. */
  readonly difference: { readonly greatestNats: number; readonly meanNats: number } | undefined;
}

/**
 * Whether a trace is true: the base, in one pass over the response, gives each drafted token the probability that the
 * trace claims; the base took over where the criterion says; what follows is what the base writes greedily, up to where
 * it ends; the texts are those of the tokens. That the draft would write its part again is not checked.
 *
 * @throws ContextOverflowError where the response does not fit the base as it was opened; EngineError
 */
export async function verifyTrace(
  trace: RunResult,
  base: LanguageModel,
  { toleranceNats = TOLERANCE_NATS, format }: VerifyOptions = {},
): Promise<Verification> {
  const findings = new Findings();
  checkCounts(trace, findings);
  const differences = await checkByBase(trace, base, { toleranceNats, format }, findings);
  const difference =
    differences.length === 0 ? undefined : { greatestNats: Math.max(...differences), meanNats: mean(differences) };
  return { verdict: findings.verdict, findings: findings.list, difference };
}

async function checkByBase(
  trace: RunResult,
  base: LanguageModel,
  { toleranceNats, format }: VerifyOptions & { readonly toleranceNats: number },
  findings: Findings,
): Promise<readonly number[]> {
  const { strategy, usage, switch: change, request } = trace;
  if (request.prompt === null || OWN_VOCABULARY.has(strategy)) {
    findings.isUnchecked(
      'probability',
      `The base can't check what the strategy ${strategy} writes in another model's tokens.`,
    );
    return [];
  }
  checkPrompt(trace, format, findings);
  const response = await placeResponse(trace, base, findings);
  if (!response) return [];
  assertFits(response.prefix.length + response.ids.length, base);
  checkTexts(trace, response, findings);
  const statistics = missingStatistics(true, base.capabilities.statistics).length < 3;
  const scores = await base.score(response.prefix, response.ids, { statistics });
  const differences = checkProbabilities(trace, scores, toleranceNats, findings);
  if (!BASE_ALONE.has(strategy) && strategy !== 'wsd') {
    findings.isUnchecked('greedy', `Of the strategy ${strategy} only texts and probabilities can be checked.`);
    return differences;
  }
  if (strategy === 'wsd') checkSwitch(trace, response, scores, base, findings);
  const canTell = checkGreedy(trace, scores, base, toleranceNats, findings);
  const baseEnds = strategy !== 'wsd' || (change !== null && change.index <= usage.keptDraftTokens);
  const isDraftsEnd = change !== null && change.reason !== 'confident' && request.settings['onNoSwitch'] === 'stop';
  if (canTell && baseEnds && !isDraftsEnd) await checkEnd(trace, response, base, toleranceNats, findings);
  return differences;
}

function checkPrompt({ request }: RunResult, format: PromptFormat | undefined, findings: Findings): void {
  if (!format) return;
  const { text, stop } = format.format(request.messages);
  if (JSON.stringify({ text, stop }) === JSON.stringify(request.prompt)) return;
  findings.isFalse('prompt', 'The prompt is not that of the messages in the form that the base was given.');
}

function assertFits(tokens: number, { id, info }: LanguageModel): void {
  if (tokens <= info.contextLength) return;
  throw new ContextOverflowError(
    'context-full',
    `Prompt and response have ${tokens} tokens, and ${id} was opened with ${info.contextLength}: raise ${settingName('context')}.`,
  );
}
