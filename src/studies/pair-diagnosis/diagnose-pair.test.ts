import assert from 'node:assert/strict';
import { test } from 'node:test';
import { promptedWriter } from '../../core/prompted-writer.ts';
import { byText } from '../../engines/scripted/next-token.ts';
import { scriptedModel } from '../../engines/scripted/scripted-model.ts';
import { plainForm } from '../../prompts/plain-form.ts';
import { diagnosePair } from './diagnose-pair.ts';
import { PAIR_PROMPTS } from './pair-prompts.ts';
import { NUDGED_BOUND, pairVerdict } from './pair-verdict.ts';

const MARKER = '[Assistant]\n';
const TEXT = 'aaa bbb ccc ddd eee fff ggg hhh';

/** A pair that would write the same; the base is sure of a share of the words. */
function pairOf(sure: number) {
  const writes = (p: (place: number) => number) =>
    byText((text): Record<string, number> => {
      const place = text.length - text.lastIndexOf(MARKER) - MARKER.length;
      const next = TEXT[place];
      if (next === undefined) return { '</s>': 1 };
      const left = 1 - p(place);
      return { [next]: p(place), ...(left > 0 && { '1': left / 4, '2': left / 4, '3': left / 4, '4': left / 4 }) };
    });
  const base = scriptedModel({ id: 'base', next: writes((place) => (Math.floor(place / 4) < sure * 8 ? 0.9 : 0.25)) });
  const draft = promptedWriter(scriptedModel({ next: writes(() => 1) }), plainForm({}));
  return { base, baseFormat: plainForm({}), draft, close: () => Promise.resolve() };
}

test('shares are counted in tokens, of each response and of all', async () => {
  const diagnosis = await diagnosePair(pairOf(1), { prompts: ['One?', 'Two?'], maxTokens: 31 });
  // The first word, three characters of 31; WSD keeps the window of six.
  assert.deepEqual(diagnosis.nudgedShares, [3 / 31, 3 / 31]);
  assert.deepEqual(diagnosis.draftedShares, [6 / 31, 6 / 31]);
  assert.deepEqual([diagnosis.nudgedShare, diagnosis.draftedShare], [6 / 62, 12 / 62]);
});

test('a surer base never needs more help', async () => {
  const shares: number[] = [];
  for (const sure of [0, 0.25, 0.5, 0.75, 1]) {
    shares.push((await diagnosePair(pairOf(sure), { prompts: ['One?'], maxTokens: 31 })).nudgedShare);
  }
  assert.deepEqual(
    shares,
    shares.toSorted((a, b) => b - a),
  );
  assert.ok(shares[0]! > shares.at(-1)!);
});

test('the verdict turns at the bound, and says what it is about', () => {
  const diagnosis = { prompts: 20, maxTokens: 48, nudgedShares: [], draftedShare: 0.7, draftedShares: [] };
  const good = pairVerdict({ ...diagnosis, nudgedShare: NUDGED_BOUND });
  const above = pairVerdict({ ...diagnosis, nudgedShare: NUDGED_BOUND + 0.01 });
  assert.deepEqual([good.match, above.match], ['good', 'unclear']);
  assert.match(
    above.sentences.join(' '),
    /21% of the tokens.*above the 20%.*under 3B the share says little.*draft wrote 70%.*No bound is known.*wellbegun evaluate/u,
  );
});

test('there are twenty prompts, all different', () => {
  assert.equal(new Set(PAIR_PROMPTS).size, 20);
});

test('an abort ends it', async () => {
  const signal = AbortSignal.abort();
  await assert.rejects(diagnosePair(pairOf(1), { prompts: ['One?'], maxTokens: 8, signal }), { name: 'AbortError' });
});
