import { settingName } from './setting-name.ts';
import { assertSupported } from './criteria/assert-supported.ts';
import type { DecodeEvent } from './decode-event.ts';
import type { DecodingStrategy } from './decoding-strategy.ts';
import { draftUntilSwitch } from './draft-until-switch.ts';
import { type Decoder, decoderStrategy } from './kit/decoder.ts';
import type { GrowingResponse } from './kit/growing-response.ts';
import type { FinishReason } from './language-model.ts';
import { draftProposer } from './speculation/draft-proposer.ts';
import type { TokenProposer } from './speculation/token-proposer.ts';
import { assertFits } from './token-budget.ts';
import type { WeakToStrongOptions } from './weak-to-strong-options.ts';

export type { WeakToStrongOptions };

/**
 * Weak-to-strong decoding (arXiv 2506.07434): draft, score, detect, continue. The draft's text is scored by the base
 * in chunks while it is written; at the switch the draft stops and the base goes on from the kept tokens:
 * y = y′_{≤k} ∘ base(· | x, y′_{≤k}) with y′ ~ draft(· | x) and k the first place that the criterion accepts.
 *
 * The defaults are the paper's and its code's, which agree: a window of 6, γ = 0.8, 512 drafted tokens, greedy. Where
 * the criterion accepts nowhere the base goes on after the whole draft, as in that code. Blanks at both ends of the draft
 * are dropped, as there. Unlike there a request's temperature is that of both models (the base of that code is always
 * greedy), each with a stream of draws of its own, and the draft's kept tokens do not shorten what the base may write.
 *
 * @throws CapabilityError for a criterion that needs what the engines don't give
 */
export function weakToStrong(options: WeakToStrongOptions): DecodingStrategy {
  const { base, baseFormat, draft } = options;
  if (options.criterion) assertSupported(options.criterion, base, draft);
  const decoder: Decoder = {
    name: 'wsd',
    needs: ['base', 'draft'],
    prepare: (response) => assertDraftFits(options, response),
    write: (response) => write(options, response),
  };
  return decoderStrategy(decoder, { base, baseFormat, draft });
}

async function* write(
  options: WeakToStrongOptions,
  response: GrowingResponse,
): AsyncGenerator<DecodeEvent, FinishReason, void> {
  const { draft, onNoSwitch = 'continue' } = options;
  const { record } = response;
  const { reason, end, index, beyond } = yield* draftUntilSwitch(options, response);
  if (record.stopped) return 'stop';
  yield* record.switch({ index, reason, draftTokens: record.draftTokens });
  if (end && onNoSwitch === 'stop') return end;
  const proposers = draft.continuesAnswers ? [draftAsProposer(options, response)] : [];
  return yield* response.write({ expected: beyond, proposers });
}

/** What could never fit the draft's context is refused; behind a long prompt a draft ends where that does. */
async function assertDraftFits(
  { base, draft, maxDraftTokens }: WeakToStrongOptions,
  { record, request }: GrowingResponse,
): Promise<void> {
  const { messages, maxTokens, signal } = request;
  assertFits(
    base,
    record.promptTokens,
    { option: settingName('maxDraft'), tokens: maxDraftTokens },
    { option: settingName('maxTokens'), tokens: maxTokens },
  );
  if (maxDraftTokens === undefined || maxDraftTokens < (draft.contextLength ?? 1)) return;
  const measure = await draft.measure?.(messages, { signal });
  if (!measure) return;
  const { promptTokens, contextLength } = measure;
  if (maxDraftTokens < contextLength) return;
  assertFits({ id: draft.id, info: { contextLength } }, promptTokens, {
    option: settingName('maxDraft'),
    tokens: maxDraftTokens,
  });
}

/** After the switch the draft helps to go faster; a token of its costs what it has cost so far. */
function draftAsProposer(
  { draft, base }: WeakToStrongOptions,
  { request: { messages }, record: { promptTokens, draftTokens, draftClock } }: GrowingResponse,
): TokenProposer {
  const msPerToken = draftClock.elapsedMs / Math.max(draftTokens, 1);
  return draftProposer({ draft, base, messages, promptTokens, msPerToken });
}
