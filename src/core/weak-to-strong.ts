import { assertGivesLogprobs } from './assert-gives-logprobs.ts';
import { assertSupported } from './criteria/assert-supported.ts';
import { DraftConfidence } from './criteria/draft-confidence.ts';
import { windowedConfidence } from './criteria/windowed-confidence.ts';
import type { DecodeEvent, SwitchReason } from './decode-event.ts';
import type { DecodeRequest, DecodingStrategy } from './decoding-strategy.ts';
import { nextChunkTokens } from './chunk-schedule.ts';
import { type DraftChunk, readChunk } from './draft-chunk.ts';
import { DraftRetokenizer, type SettledToken } from './draft-retokenizer.ts';
import type { DraftWriter } from './draft-writer.ts';
import type { LanguageModel, TokenId, TokenScore } from './language-model.ts';
import type { PromptFormat } from './prompt-format.ts';
import { ResponseRecorder } from './response-recorder.ts';
import type { SwitchCriterion, SwitchDetector } from './switch-criterion.ts';
import { assertFits } from './token-budget.ts';
import { generateOptions, writeWithModel } from './write-with-model.ts';

export interface WeakToStrongOptions {
  readonly draft: DraftWriter;
  readonly base: LanguageModel;
  readonly baseFormat: PromptFormat;
  /** Default: the paper's, `windowedConfidence({ window: 6, threshold: 0.8 })`. */
  readonly criterion?: SwitchCriterion;
  /** Most drafted tokens, in the draft's vocabulary. Default: 512. */
  readonly maxDraftTokens?: number;
  /**
   * Draft tokens between two scorings. A setting of speed only: the response does not depend on it. Default: from 8 to
   * 32, growing with the draft.
   */
  readonly chunkTokens?: number;
  /** What follows a draft that the base never took over. Default: `continue`, the paper's. */
  readonly onNoSwitch?: 'continue' | 'stop';
}

const PAPER_DRAFT_TOKENS = 512;

/**
 * Weak-to-strong decoding (arXiv 2506.07434): draft, score, detect, continue. The draft's text is scored by the base
 * in chunks while it is written; at the switch the draft stops and the base goes on from the kept tokens.
 *
 * @throws CapabilityError for a criterion that needs what the engines don't give
 */
export function weakToStrong(options: WeakToStrongOptions): DecodingStrategy {
  if (options.criterion) assertSupported(options.criterion, options.base, options.draft);
  return { name: 'wsd', decode: (request) => decode(options, request) };
}

async function* decode(options: WeakToStrongOptions, request: DecodeRequest): ReturnType<DecodingStrategy['decode']> {
  const { base, draft, baseFormat, onNoSwitch = 'continue' } = options;
  assertGivesLogprobs(base, base.capabilities.generatedLogprobs, request);
  const prompt = baseFormat.format(request.messages);
  const record = new ResponseRecorder(request, prompt.stop);
  const text = await DraftRetokenizer.start(base, prompt.text);
  record.promptTokens = text.prefix.length;
  assertFits(
    base,
    record.promptTokens,
    { option: '--max-draft', tokens: options.maxDraftTokens },
    { option: '--max-tokens', tokens: request.maxTokens },
  );
  yield record.start({ strategy: 'wsd', models: { base: base.id, draft: draft.id } });

  const { reason, kept, index } = yield* draftUntilSwitch(options, request, text, record);
  if (record.stopped) return yield* record.end('stop');
  yield* record.switch({ index, reason, draftTokens: record.draftTokens });
  if (reason !== 'confident' && onNoSwitch === 'stop') {
    return yield* record.end(reason === 'draft-ended' ? 'stop' : 'length');
  }
  const finish = yield* writeWithModel(base, kept, request, record);
  return yield* record.end(finish);
}

/** The draft as far as it is kept: the tokens to go on from, how many of them are the draft's, and why it ended. */
interface DraftOutcome {
  readonly reason: SwitchReason;
  readonly kept: readonly TokenId[];
  readonly index: number;
}

async function* draftUntilSwitch(
  options: WeakToStrongOptions,
  request: DecodeRequest,
  text: DraftRetokenizer,
  record: ResponseRecorder,
): AsyncGenerator<DecodeEvent, DraftOutcome, void> {
  const { draft, criterion = windowedConfidence() } = options;
  const confidence = criterion.needsDraftLogprobs ? new DraftConfidence() : undefined;
  const detector = confidence?.tell(criterion.start()) ?? criterion.start();
  const written = draft.write(request.messages, {
    ...generateOptions(request),
    maxTokens: options.maxDraftTokens ?? PAPER_DRAFT_TOKENS,
    ...(confidence && { logprobs: true }),
  });
  const pieces = confidence?.listen(written) ?? written;
  let index = 0;
  try {
    for (;;) {
      const chunk = await record.draftClock.time(() =>
        readChunk(pieces, options.chunkTokens ?? nextChunkTokens(record.draftTokens)),
      );
      record.draftTokens += chunk.count;
      const scored = await record.scoreClock.time(() => score(options, text, chunk, request.signal));
      const accepted = yield* detect(detector, scored, record, request.signal);
      index += accepted ?? scored.tokens.length;
      const kept = [...scored.prefix, ...scored.tokens.slice(0, accepted).map(({ token }) => token)];
      if (accepted !== undefined) return { reason: 'confident', kept, index };
      if (scored.full || chunk.end === 'length') return { reason: 'draft-limit', kept, index };
      if (record.stopped || chunk.end === 'stop') return { reason: 'draft-ended', kept, index };
    }
  } finally {
    await pieces.return('stop');
  }
}

interface ScoredTokens {
  readonly prefix: readonly TokenId[];
  readonly tokens: readonly SettledToken[];
  readonly scores: readonly TokenScore[];
  /** The base's context has no room for more. */
  readonly full: boolean;
}

async function score(
  { base, criterion }: WeakToStrongOptions,
  text: DraftRetokenizer,
  chunk: DraftChunk,
  signal: AbortSignal | undefined,
): Promise<ScoredTokens> {
  const settled = await text.extend(chunk.text, { complete: chunk.end !== undefined });
  const tokens = settled.tokens.slice(0, base.info.contextLength - settled.prefix.length);
  const ids = tokens.map(({ token }) => token);
  const statistics = criterion?.needsStatistics ?? false;
  const scores = await base.score(settled.prefix, ids, { statistics, ...(signal && { signal }) });
  return { prefix: settled.prefix, tokens, scores, full: tokens.length < settled.tokens.length };
}

/** Emits scored tokens up to the one at which the criterion holds; returns how many that are, if it does. */
function* detect(
  detector: SwitchDetector,
  { tokens, scores }: ScoredTokens,
  record: ResponseRecorder,
  signal: AbortSignal | undefined,
): Generator<DecodeEvent, number | undefined, void> {
  for (const [i, { token, bytes }] of tokens.entries()) {
    const score = scores[i]!;
    const { value, accept } = detector.push({ ...score, bytes });
    const window = value === undefined ? {} : { window: value };
    yield* record.token({ id: token, source: 'draft', logprob: score.logprob, ...window }, bytes);
    signal?.throwIfAborted();
    if (record.stopped) return undefined;
    if (accept) return i + 1;
  }
  return undefined;
}
