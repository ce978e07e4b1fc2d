import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { scriptedWriter } from '../engines/scripted/scripted-writer.ts';
import { plainForm } from '../prompts/plain-form.ts';
import { windowedConfidence } from './criteria/windowed-confidence.ts';
import { decode, NEVER_SURE, SURE_LATER } from '../../test/fixtures/known-pair.ts';
import type { LanguageModel } from './language-model.ts';
import { weakToStrong } from './weak-to-strong.ts';

/** How many tokens were drafted when the base was asked to score for the first time, and what came of it. */
async function draftedAtFirstScore(devices: { readonly draft?: string; readonly base?: string }, pair = SURE_LATER) {
  const known = decode(pair).base;
  const draft = Object.assign(
    scriptedWriter({ pieces: Array.from(pair.draft) }),
    devices.draft && { device: devices.draft },
  );
  let drafted: number | undefined;
  const score = known.score.bind(known);
  const base: LanguageModel = Object.assign(known, devices.base && { device: devices.base }, {
    async score(...args: Parameters<typeof score>) {
      // As long as the base computes, a draft on another device can go on.
      await new Promise((resolve) => setImmediate(resolve));
      drafted ??= draft.calls[0]!.written;
      return await score(...args);
    },
  });
  const criterion = windowedConfidence({ window: 2, threshold: 0.8 });
  const strategy = weakToStrong({ base, draft, baseFormat: plainForm({}), criterion, chunkTokens: 3 });
  const { trace } = await collectEvents(strategy.decode({ messages: [{ role: 'user', content: 'Hi' }] }));
  return { drafted, trace, write: draft.calls[0]! };
}

suite('drafting while the base scores', () => {
  test('goes one chunk ahead where another device drafts', async () => {
    const { drafted } = await draftedAtFirstScore({ draft: 'http://a', base: 'http://b' });
    assert.equal(drafted, 6);
  });

  test('waits where one device does both, or that is not known', async () => {
    assert.equal((await draftedAtFirstScore({ draft: 'a', base: 'a' })).drafted, 3);
    assert.equal((await draftedAtFirstScore({ draft: 'a' })).drafted, 3);
    assert.equal((await draftedAtFirstScore({})).drafted, 3);
  });

  test('changes nothing in the response, and counts all that was drafted', async () => {
    for (const pair of [SURE_LATER, NEVER_SURE]) {
      const [ahead, inTurn] = [
        await draftedAtFirstScore({ draft: 'a', base: 'b' }, pair),
        await draftedAtFirstScore({}, pair),
      ];
      assert.equal(ahead.trace.text, inTurn.trace.text);
      assert.equal(ahead.trace.switch?.index, inTurn.trace.switch?.index);
      assert.equal(ahead.trace.usage.draftTokens, ahead.write.written);
      assert.ok(ahead.write.ended, 'the draft was stopped');
    }
  });
});
