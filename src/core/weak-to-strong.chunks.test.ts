import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { EXAMPLE_TOKENIZERS } from '../engines/scripted/example-tokenizers.ts';
import { pseudoRandom, writes } from '../engines/scripted/next-token.ts';
import { type ScriptedModel, scriptedModel } from '../engines/scripted/scripted-model.ts';
import { plainForm } from '../prompts/plain-form.ts';
import { windowedConfidence } from './criteria/windowed-confidence.ts';
import type { DecodeEvent, SwitchReason } from './decode-event.ts';
import type { TokenId } from './language-model.ts';
import type { PromptFormat } from './prompt-format.ts';
import { promptedWriter } from './prompted-writer.ts';
import { weakToStrong } from './weak-to-strong.ts';

const MESSAGES = [{ role: 'user', content: 'Tell me of the cat. 🎉' }] as const;
const MAX_TOKENS = 12;
const form = plainForm({});
/** The draft's form, without stop strings: what it writes is not cut before the base reads it. */
const draftForm: PromptFormat = { format: (messages) => ({ ...form.format(messages), stop: [] }) };

interface Setting {
  readonly base: ScriptedModel;
  readonly window: number;
  readonly threshold: number;
  readonly maxDraftTokens: number;
}

/** The authors' schedule, plainly: the whole draft at once, all scores, the first window, then the rest. */
async function decodeAtOnce(
  draft: string,
  reason: SwitchReason,
  { base, window, threshold }: Omit<Setting, 'maxDraftTokens'>,
) {
  const { text: prompt, stop } = form.format(MESSAGES);
  const own = await base.encode(prompt);
  const all = await base.encode([...prompt, { text: draft.trim(), control: false }]);
  const differs = all.findIndex((token, i) => token !== own[i]);
  const [prefix, candidate] = differs < 0 ? [own, []] : [all.slice(0, differs), all.slice(differs)];
  const logprobs = (await base.score(prefix, candidate)).map(({ logprob }) => logprob);
  const means = logprobs.map((_, i) =>
    i < window - 1 ? -Infinity : logprobs.slice(i + 1 - window, i + 1).reduce((sum, value) => sum + value, 0) / window,
  );
  const accepted = means.findIndex((mean) => mean >= Math.log(threshold) - 1e-12);
  const kept = accepted < 0 ? candidate : candidate.slice(0, accepted + 1);
  const { continued, finish } = await generateAll(base, [...prefix, ...kept]);
  const response = textOf(base, [...prefix, ...kept, ...continued]).slice(textOf(base, own).length);
  const end = finish === 'length' ? withoutBegunStop(response, stop) : response.length;
  const cut = Math.min(...stop.map((one) => response.indexOf(one)).filter((index) => index >= 0), end);
  const switched: SwitchReason = accepted < 0 ? reason : 'confident';
  const coversPrompt = byteCount(base, [...prefix, ...kept]) >= byteCount(base, own);
  return { index: kept.length, reason: switched, text: response.slice(0, cut), kept, logprobs, means, coversPrompt };
}

async function generateAll(base: ScriptedModel, prefix: readonly TokenId[]) {
  const continued: TokenId[] = [];
  const generation = base.generate(prefix, { temperature: 0, maxTokens: MAX_TOKENS });
  for (;;) {
    const next = await generation.next();
    if (next.done) return { continued, finish: next.value };
    continued.push(next.value.token);
  }
}

/** Where a stop string begins that the text ends in; the end of the text, where that is blank or there is none. */
function withoutBegunStop(text: string, stops: readonly string[]): number {
  for (let start = 0; start < text.length; start++) {
    const rest = text.slice(start);
    if (stops.some((stop) => stop.startsWith(rest))) return rest.trim() === '' ? text.length : start;
  }
  return text.length;
}

function byteCount(model: ScriptedModel, tokens: readonly TokenId[]): number {
  return model.vocabulary.decode(tokens).reduce((sum, piece) => sum + piece.length, 0);
}

/** Whole characters; an unfinished one at the end is dropped. */
function textOf(model: ScriptedModel, tokens: readonly TokenId[]): string {
  const bytes = model.vocabulary.decode(tokens).flatMap((piece) => [...piece]);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes), { stream: true });
}

/** What the draft says within its limit, and why it ends. */
async function draftAtOnce(draft: ScriptedModel, text: string, limit: number): Promise<[string, SwitchReason]> {
  const tokens = await draft.encode([{ text, control: false }]);
  const written = textOf(draft, tokens.slice(0, limit));
  if (limit > 0 && written.trim() === '') return [written, 'draft-empty'];
  return [written, tokens.length < limit ? 'draft-ended' : 'draft-limit'];
}

const draftText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'The',
        ' the',
        ' cat',
        ' sat',
        '.',
        '.\n\n',
        '\n',
        ' ',
        '  ',
        '    ',
        '...',
        ' 1234',
        'ab',
        '[User',
        ']\n',
      ),
      fc.constantFrom(
        '你好',
        '世界。',
        '猫',
        '🎉',
        ' 👩‍👩‍👧',
        '🙂',
        'é',
        '\r\n',
        '[User]',
        '你好'.repeat(40),
        '-'.repeat(90),
      ),
    ),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''));

const names = fc.constantFrom('bytes', 'characters', 'words', 'merges');
const example = fc.record({
  text: draftText,
  baseName: names,
  draftName: names,
  seed: fc.integer(),
  window: fc.integer({ min: 1, max: 8 }),
  /** Which of the whole draft's windows sets the threshold, so that each is the first at times, and a tie. */
  thresholdAt: fc.nat(60),
  chunkTokens: fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
  maxDraftTokens: fc.oneof(fc.integer({ min: 0, max: 60 }), fc.constant(512)),
});

/** The draft's text is sound, so half a character anywhere would show as U+FFFD. */
function assertWholeCharacters(events: readonly DecodeEvent[]): void {
  const drafted = events.filter((event) => event.type === 'token' && event.source === 'draft');
  assert.ok(drafted.every((event) => event.type === 'token' && !event.text.includes('\uFFFD')));
}

async function assertSameAsAtOnce(given: typeof example extends fc.Arbitrary<infer T> ? T : never): Promise<void> {
  const { text, baseName, draftName, seed, window, maxDraftTokens, chunkTokens } = given;
  const base = scriptedModel({ next: pseudoRandom(seed), tokenizer: EXAMPLE_TOKENIZERS[baseName] });
  const draft = scriptedModel({ next: writes(text), tokenizer: EXAMPLE_TOKENIZERS[draftName] });
  const drafted = await draftAtOnce(draft, text, maxDraftTokens);
  const { means } = await decodeAtOnce(...drafted, { base, window, threshold: 1 });
  const reached = means.filter((mean) => mean > -Infinity);
  const threshold = Math.min(Math.exp(reached[given.thresholdAt % (reached.length + 1)] ?? 0), 1);
  const expected = await decodeAtOnce(...drafted, { base, window, threshold });
  // A switch inside a token that spans the seam, before the prompt's end: whose text the next bytes are is undefined.
  fc.pre(expected.coversPrompt);
  const callsBefore = base.calls.length;

  const strategy = weakToStrong({
    ...{ base, draft: promptedWriter(draft, draftForm), baseFormat: form, maxDraftTokens },
    criterion: windowedConfidence({ window, threshold }),
    ...(chunkTokens !== undefined && { chunkTokens }),
  });
  const { events, trace } = await collectEvents(strategy.decode({ messages: MESSAGES, maxTokens: MAX_TOKENS }));

  assert.equal(trace.text, expected.text);
  if (trace.switch) {
    assert.deepEqual([trace.switch.index, trace.switch.reason], [expected.index, expected.reason]);
    const asked = base.calls.slice(callsBefore).find(({ method }) => method === 'generate');
    assert.deepEqual(asked!.prefix.slice(asked!.prefix.length - expected.index), expected.kept);
  }
  const kept = trace.tokens.filter(({ source }) => source === 'draft');
  assert.deepEqual(
    kept.map(({ id }) => id),
    expected.kept.slice(0, kept.length),
  );
  assert.deepEqual(
    kept.map(({ logprob }) => logprob),
    expected.logprobs.slice(0, kept.length),
  );
  assertWholeCharacters(events);
  const scored = base.calls.slice(callsBefore).filter(({ method, tokens }) => method === 'score' && tokens.length > 0);
  for (const [i, call] of scored.entries()) {
    const before = scored[i - 1];
    if (before) assert.deepEqual(call.prefix, [...before.prefix, ...before.tokens]);
  }
  assert.ok([...base.calls, ...draft.calls].every(({ ended }) => ended));
}

test('chunks of any size give the response of the whole draft at once, with the same and with other tokenizers', async () => {
  await fc.assert(fc.asyncProperty(example, assertSameAsAtOnce), { numRuns: 250 });
});
