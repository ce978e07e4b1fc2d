import { BoundedDetector } from './bounded-detector.ts';
import { chunkSchedule } from './chunk-schedule.ts';
import { type ChunkTimes, chunkTimesOf } from './chunk-times.ts';
import { continued } from './continued.ts';
import { DraftConfidence } from './criteria/draft-confidence.ts';
import { windowedConfidence } from './criteria/windowed-confidence.ts';
import type { DecodeEvent, SwitchReason } from './decode-event.ts';
import type { DecodeRequest } from './decoding-strategy.ts';
import { type DraftChunk, DraftChunks } from './draft-chunk.ts';
import { DraftRetokenizer, type SettledToken } from './draft-retokenizer.ts';
import type { GrowingResponse } from './kit/growing-response.ts';
import type { FinishReason, LanguageModel, TokenId, TokenScore } from './language-model.ts';
import type { ResponseRecorder } from './response-recorder.ts';
import { listStatistics } from './statistics.ts';
import type { SwitchCriterion } from './switch-criterion.ts';
import type { WeakToStrongOptions } from './weak-to-strong-options.ts';
import { withoutLeadingBlanks } from './without-leading-blanks.ts';

const PAPER_DRAFT_TOKENS = 512;

/** How many of the base's tokens are kept of the draft, and why it ended. */
export interface DraftOutcome {
  readonly reason: SwitchReason;
  /** How the response ends where the base does not go on; undefined where it took over. */
  readonly end: FinishReason | undefined;
  readonly index: number;
  /** What was drafted and scored past the switch: the base may go on in the same words. */
  readonly beyond: readonly TokenId[];
}

const END_REASONS: Readonly<Record<FinishReason, SwitchReason>> = {
  stop: 'draft-ended',
  length: 'draft-limit',
  content_filter: 'draft-filtered',
};

/**
 * The draft writes on from where the response is: chunk by chunk, each scored by the base and emitted, until the criterion
 * holds or the draft is at its end.
 */
export async function* draftUntilSwitch(
  options: WeakToStrongOptions,
  response: GrowingResponse,
): AsyncGenerator<DecodeEvent, DraftOutcome, void> {
  const { criterion = windowedConfidence() } = options;
  const { record } = response;
  const request = { ...response.request, messages: continued(response.request.messages, response.text) };
  const text = await openText(options.base, response);
  const draftedBefore = record.draftTokens;
  const confidence = criterion.needsDraftLogprobs ? new DraftConfidence() : undefined;
  const detector = new BoundedDetector(criterion, options.base, confidence?.tell(criterion.start()));
  const scoring = { criterion, bounds: boundsWillDo(options.base, criterion, request) };
  const left = new AbortController();
  const times = timesWorthKeeping(options);
  const chunks = openChunks(options, request, {
    record,
    confidence,
    times,
    left: left.signal,
  });
  let index = 0;
  let isEmpty = options.maxDraftTokens !== 0 && beginsAnswer(request);
  try {
    for (;;) {
      const chunk = await record.ask(record.draftClock, () => chunks.next());
      isEmpty &&= chunk.text.trim() === '';
      const scored = await record.ask(record.scoreClock, () =>
        score(options.base, scoring, text, { chunk, signal: request.signal }),
      );
      const isInTheMiddle = chunk.end === undefined && chunks.draftedTokens > chunk.tokens;
      if (isInTheMiddle) times?.record(chunk.tokens, record.draftClock.lastMs, record.scoreClock.lastMs);
      const accepted = yield* detect(detector, scored, response);
      const ids = scored.tokens.map(({ token }) => token);
      const keptIds = ids.slice(0, accepted);
      index += keptIds.length;
      response.keep([...scored.prefix, ...keptIds]);
      const outcome = { index, beyond: ids.slice(keptIds.length) };
      if (accepted !== undefined) return { reason: 'confident', end: undefined, ...outcome };
      if (record.stopped) return { reason: 'draft-ended', end: 'stop', ...outcome };
      if (scored.full) return { reason: 'draft-limit', end: 'length', ...outcome };
      if (chunk.end) return { reason: isEmpty ? 'draft-empty' : END_REASONS[chunk.end], end: chunk.end, ...outcome };
    }
  } finally {
    record.draftTokens = draftedBefore + chunks.draftedTokens;
    left.abort(new DOMException('The draft is not needed any more.', 'AbortError'));
    await chunks.close();
  }
}

/** Prompt and response, as the base tokenises them together. */
function openText(base: LanguageModel, { prompt, tokens, text, request }: GrowingResponse): Promise<DraftRetokenizer> {
  const call = { signal: request.signal };
  if (text === '') return Promise.resolve(new DraftRetokenizer(base, prompt.text, tokens, call));
  return DraftRetokenizer.start(base, [...prompt.text, { text, control: false }], call);
}

interface ChunkParts {
  readonly record: ResponseRecorder;
  readonly confidence: DraftConfidence | undefined;
  readonly times: ChunkTimes | undefined;
  readonly left: AbortSignal;
}

function openChunks(options: WeakToStrongOptions, request: DecodeRequest, parts: ChunkParts): DraftChunks {
  const { draft, base, maxDraftTokens = PAPER_DRAFT_TOKENS, chunkTokens } = options;
  const { record, confidence, times, left } = parts;
  const pieces = draft.write(request.messages, {
    ...record.writerOptions(),
    maxTokens: maxDraftTokens,
    ...(confidence && { logprobs: true }),
    signal: request.signal ? AbortSignal.any([request.signal, left]) : left,
  });
  const answer = beginsAnswer(request) ? withoutLeadingBlanks(pieces) : pieces;
  const schedule = chunkSchedule({
    prefixReuse: base.capabilities.prefixReuse,
    promptTokens: record.promptTokens,
    maxDraftTokens,
    ...(times && { furtherChunk: () => times.size }),
  });
  return new DraftChunks(confidence?.listen(answer) ?? answer, {
    sizeAfter: (draftedTokens) => chunkTokens ?? schedule(draftedTokens),
    ahead: onTwoDevices(options),
  });
}

/** Not where the draft goes on from a beginning: then blanks belong to the text, and nothing more may be the answer. */
function beginsAnswer({ messages }: DecodeRequest): boolean {
  return messages.at(-1)?.role !== 'assistant';
}

function onTwoDevices({ draft, base }: WeakToStrongOptions): boolean {
  return draft.device !== undefined && base.device !== undefined && draft.device !== base.device;
}

/** Drafting and scoring that take turns: where they overlap, waiting for one says nothing of its price. */
function timesWorthKeeping(options: WeakToStrongOptions): ChunkTimes | undefined {
  return options.chunkTokens === undefined && !onTwoDevices(options) ? chunkTimesOf(options.base) : undefined;
}

interface ScoredTokens {
  readonly prefix: readonly TokenId[];
  readonly tokens: readonly SettledToken[];
  readonly scores: readonly TokenScore[];
  /** The base's context has no room for more. */
  readonly full: boolean;
}

interface Scoring {
  readonly criterion: SwitchCriterion;
  readonly bounds: boolean;
}

function boundsWillDo(base: LanguageModel, criterion: SwitchCriterion, request: DecodeRequest): boolean {
  const isAskedFor = request.confidences === 'deciding' && !request.logprobs;
  const areOffered = base.capabilities.bounds === true && base.exact !== undefined;
  return isAskedFor && areOffered && criterion.decidingTokens !== undefined && !criterion.needsDraftLogprobs;
}

async function score(
  base: LanguageModel,
  { criterion, bounds }: Scoring,
  text: DraftRetokenizer,
  { chunk, signal }: { readonly chunk: DraftChunk; readonly signal: AbortSignal | undefined },
): Promise<ScoredTokens> {
  const settled = await text.extend(chunk.text, { complete: chunk.end !== undefined });
  const tokens = settled.tokens.slice(0, base.info.contextLength - settled.prefix.length);
  const ids = tokens.map(({ token }) => token);
  const statistics = listStatistics(criterion.needsStatistics).length > 0;
  const scores = await base.score(settled.prefix, ids, { statistics, bounds, ...(signal && { signal }) });
  return { prefix: settled.prefix, tokens, scores, full: tokens.length < settled.tokens.length };
}

/** Emits scored tokens up to the one at which the criterion holds; returns how many that are, if it does. */
async function* detect(
  detector: BoundedDetector,
  { tokens, scores }: ScoredTokens,
  response: GrowingResponse,
): AsyncGenerator<DecodeEvent, number | undefined, void> {
  const { record, request } = response;
  for (const [i, { token, bytes }] of tokens.entries()) {
    const { verdict, score } = await record.ask(record.scoreClock, () => detector.push(scores[i]!, bytes));
    const logprob = score.isBound ? {} : { logprob: score.logprob };
    const window = verdict.value === undefined ? {} : { window: verdict.value };
    yield* response.settle({ token, bytes }, { ...logprob, ...window });
    request.signal?.throwIfAborted();
    if (record.stopped) return undefined;
    if (verdict.accept) return i + 1;
  }
  return undefined;
}
