import { chunkSchedule } from './chunk-schedule.ts';
import { type ChunkTimes, chunkTimesOf } from './chunk-times.ts';
import { continued } from './continued.ts';
import { DraftConfidence } from './criteria/draft-confidence.ts';
import { windowedConfidence } from './criteria/windowed-confidence.ts';
import type { DecodeEvent, SwitchReason } from './decode-event.ts';
import type { DecodeRequest } from './decoding-strategy.ts';
import { type DraftChunk, DraftChunks } from './draft-chunk.ts';
import type { DraftJudge, JudgedToken } from './draft-judge.ts';
import { DraftRetokenizer, type SettledToken } from './draft-retokenizer.ts';
import type { GrowingResponse } from './kit/growing-response.ts';
import type { FinishReason, LanguageModel, TokenId } from './language-model.ts';
import type { ResponseRecorder } from './response-recorder.ts';
import { scoreJudge } from './score-judge.ts';
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
  loop: 'draft-ended',
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
  const judge =
    (needsLogprobs(request) ? undefined : options.base.judge?.(criterion)) ??
    scoreJudge(options.base, criterion, confidence?.tell(criterion.start()));
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
      const judged = await record.ask(record.scoreClock, () =>
        settleAndJudge(options.base, judge, text, { chunk, signal: request.signal }),
      );
      const isInTheMiddle = chunk.end === undefined && chunks.draftedTokens > chunk.tokens;
      if (isInTheMiddle) times?.record(chunk.tokens, record.draftClock.lastMs, record.scoreClock.lastMs);
      const accepted = yield* emit(judged, response);
      const ids = judged.tokens.map(({ token }) => token);
      const keptIds = ids.slice(0, accepted);
      index += keptIds.length;
      response.keep([...judged.prefix, ...keptIds]);
      const outcome = { index, beyond: ids.slice(keptIds.length) };
      if (accepted !== undefined) return { reason: 'confident', end: undefined, ...outcome };
      if (record.stopped) return { reason: 'draft-ended', end: 'stop', ...outcome };
      if (judged.full) return { reason: 'draft-limit', end: 'length', ...outcome };
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

interface JudgedTokens {
  readonly prefix: readonly TokenId[];
  readonly tokens: readonly SettledToken[];
  /** As far as the first one that was accepted. */
  readonly judgements: readonly JudgedToken[];
  /** The base's context has no room for more. */
  readonly full: boolean;
}

function needsLogprobs({ confidences, logprobs }: DecodeRequest): boolean {
  return confidences !== 'deciding' || logprobs === true;
}

async function settleAndJudge(
  base: LanguageModel,
  judge: DraftJudge,
  text: DraftRetokenizer,
  { chunk, signal }: { readonly chunk: DraftChunk; readonly signal: AbortSignal | undefined },
): Promise<JudgedTokens> {
  const { prefix, tokens: settled } = await text.extend(chunk.text, { complete: chunk.end !== undefined });
  const tokens = settled.slice(0, base.info.contextLength - prefix.length);
  const judgements = await judge.judge(prefix, tokens, { signal });
  return { prefix, tokens, judgements, full: tokens.length < settled.length };
}

/** Emits tokens up to the one at which the criterion holds; returns how many that are, if it does. */
function* emit(
  { tokens, judgements }: JudgedTokens,
  response: GrowingResponse,
): Generator<DecodeEvent, number | undefined, void> {
  for (const [i, { verdict, logprob }] of judgements.entries()) {
    const { token, bytes } = tokens[i]!;
    const window = verdict.value === undefined ? {} : { window: verdict.value };
    yield* response.settle({ token, bytes }, { ...(logprob !== undefined && { logprob }), ...window });
    response.request.signal?.throwIfAborted();
    if (response.record.stopped) return undefined;
    if (verdict.accept) return i + 1;
  }
  return undefined;
}
