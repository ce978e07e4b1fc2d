import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';

import {
  decode,
  type DecodeOptions,
  type DecodeTrace,
  loadPair,
  type ModelSettings,
  type Pair,
} from '../../src/index.ts';
import { PROMPTS } from './support.ts';
import { noteDraft, scoreWholeDraft, type Setting, type WholeDraft } from './whole-draft.ts';

interface PairCase {
  readonly name: string;
  readonly models: ModelSettings;
  readonly setting: Setting;
  readonly chunks: readonly (number | undefined)[];
}

const PAIRS: readonly PairCase[] = [
  {
    name: 'with two tokenizers',
    models: { threads: 1 },
    setting: { window: 6, gamma: 0.8, maxDraft: 40 },
    chunks: [undefined, 3, 40],
  },
  {
    name: 'with one tokenizer',
    models: { base: 'smollm2-135m-instruct', draft: 'smollm2-135m-instruct', threads: 1 },
    // The base knows this draft well: at the paper's threshold all would switch at once.
    setting: { window: 4, gamma: 0.95, maxDraft: 32 },
    chunks: [undefined, 5],
  },
];

/** Batches of other shapes round differently (quantised weights): so far apart two ways to compute one logprob may be. */
const ROUNDING_NATS = 0.05;

async function traceOf(pair: Pair, options: DecodeOptions): Promise<DecodeTrace> {
  const events = decode(pair, options);
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    assert.ok(next.value.type !== 'token' || next.value.text.isWellFormed());
  }
}

/** The first place where the decision hangs on less than what rounding can do. */
function firstTie({ means }: WholeDraft, { window, gamma }: Setting): number {
  const isTie = (mean: number, i: number) => i >= window - 1 && Math.abs(Math.log(mean / gamma)) < ROUNDING_NATS;
  const tie = means.findIndex(isTie);
  return tie < 0 ? Infinity : tie;
}

for (const { name, models, setting, chunks } of PAIRS) {
  suite(`a pair ${name} keeps what scoring the whole draft at once keeps`, () => {
    let pair: Pair;
    let ties = 0;
    before(async () => void (pair = await loadPair(models)));
    after(() => pair.close());

    for (const prompt of PROMPTS) {
      test(prompt, async () => {
        const whole = await scoreWholeDraft(pair, [{ role: 'user', content: prompt }], setting);
        for (const chunkTokens of chunks) {
          const { noted, draftText } = noteDraft(pair);
          const trace = await traceOf(noted, { prompt, ...setting, maxTokens: 0, chunkTokens });
          const isOtherDraft = !whole.draftText.startsWith(draftText());
          const isOtherSwitch = trace.switch?.index !== whole.k;
          const isTie = firstTie(whole, setting) < Math.max(whole.k, trace.switch?.index ?? 0);
          if (isOtherDraft || (isOtherSwitch && isTie)) ties++;
          else assertSame(trace, whole);
        }
      });
    }

    // Between two nearly equal confidences, or two next tokens of the draft.
    test('and ties that rounding decides are rare', (context) => {
      context.diagnostic(`${ties} ties in ${PROMPTS.length * chunks.length} responses`);
      assert.ok(ties <= 1);
    });
  });
}

function assertSame(trace: DecodeTrace, whole: WholeDraft): void {
  assert.equal(trace.switch?.index, whole.k);
  assert.equal(trace.switch.reason, whole.reason);
  assert.equal(trace.text, whole.keptText);
  for (const [i, { id, logprob = Number.NaN }] of trace.tokens.entries()) {
    const score = whole.scores[i]!;
    assert.equal(id, score.token);
    assert.ok(Math.abs(logprob - score.logprob) < 20 * ROUNDING_NATS, `${logprob} at ${i} is not ${score.logprob}`);
  }
}
