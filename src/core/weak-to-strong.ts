import { settingName } from './setting-name.ts';
import { assertGivesLogprobs } from './assert-gives-logprobs.ts';
import { assertSupported } from './criteria/assert-supported.ts';
import { assertTakes } from './assert-takes.ts';
import type { DecodeRequest, DecodingStrategy } from './decoding-strategy.ts';
import { DraftRetokenizer } from './draft-retokenizer.ts';
import { draftUntilSwitch } from './draft-until-switch.ts';
import { ResponseRecorder } from './response-recorder.ts';
import { draftProposer } from './speculation/draft-proposer.ts';
import type { TokenProposer } from './speculation/token-proposer.ts';
import { assertFits } from './token-budget.ts';
import type { WeakToStrongOptions } from './weak-to-strong-options.ts';
import { writeWithModel } from './write-with-model.ts';

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
  if (options.criterion) assertSupported(options.criterion, options.base, options.draft);
  return { name: 'wsd', decode: (request) => decode(options, request) };
}

async function* decode(options: WeakToStrongOptions, request: DecodeRequest): ReturnType<DecodingStrategy['decode']> {
  const { base, draft, baseFormat, onNoSwitch = 'continue' } = options;
  assertTakes(request, base, draft);
  assertGivesLogprobs(base, base.capabilities.generatedLogprobs, request);
  const prompt = baseFormat.format(request.messages);
  const record = new ResponseRecorder(request, prompt.stop);
  const text = await DraftRetokenizer.start(base, prompt.text, { signal: request.signal });
  record.promptTokens = text.prefix.length;
  assertFits(
    base,
    record.promptTokens,
    { option: settingName('maxDraft'), tokens: options.maxDraftTokens },
    { option: settingName('maxTokens'), tokens: request.maxTokens },
  );
  await assertDraftFits(options, request);
  yield record.start({ strategy: 'wsd', models: { base: base.id, draft: draft.id } });

  const { reason, end, kept, index, beyond } = yield* draftUntilSwitch(options, request, text, record);
  if (record.stopped) return yield* record.end('stop');
  yield* record.switch({ index, reason, draftTokens: record.draftTokens });
  if (end && onNoSwitch === 'stop') return yield* record.end(end);
  const finish = yield* writeWithModel(base, kept, request, record, {
    expected: beyond,
    proposers: draft.continuesAnswers ? [draftAsProposer(options, request, record)] : [],
  });
  return yield* record.end(finish);
}

/** What could never fit the draft's context is refused; behind a long prompt a draft ends where that does. */
async function assertDraftFits(
  { draft, maxDraftTokens }: WeakToStrongOptions,
  { messages, signal }: DecodeRequest,
): Promise<void> {
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
  { messages }: DecodeRequest,
  { promptTokens, draftTokens, draftClock }: ResponseRecorder,
): TokenProposer {
  const msPerToken = draftClock.elapsedMs / Math.max(draftTokens, 1);
  return draftProposer({ draft, base, messages, promptTokens, msPerToken });
}
