import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownBase, MESSAGES, writing } from '../../test/fixtures/known-base.ts';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { scriptedWriter } from '../engines/scripted/scripted-writer.ts';
import type { DraftWriter } from './draft-writer.ts';
import type { FinishReason } from './language-model.ts';
import { weakToStrong, type WeakToStrongOptions } from './weak-to-strong.ts';

function drafting(pieces: readonly string[], end: FinishReason): DraftWriter {
  return {
    ...scriptedWriter({ pieces: [] }),
    async *write() {
      yield* pieces.map((text) => ({ text }));
      return await Promise.resolve(end);
    },
  };
}

async function decode(draft: DraftWriter, options: Partial<WeakToStrongOptions> = {}) {
  const base = knownBase(writing('Hello there', (index) => (index < 5 ? 0.1 : 1)));
  const { trace } = await collectEvents(weakToStrong({ ...base, draft, ...options }).decode({ messages: MESSAGES }));
  return [trace.switch?.reason, trace.text, trace.finishReason];
}

test('a draft without any text has a reason of its own, however it ends', async () => {
  for (const pieces of [[], ['\n', '  ']]) {
    for (const end of ['stop', 'length', 'content_filter'] as const) {
      const [reason, , finish] = await decode(drafting(pieces, end), { onNoSwitch: 'stop' });
      assert.deepEqual([reason, finish], ['draft-empty', end]);
    }
  }
  assert.equal((await decode(drafting([], 'length'), { maxDraftTokens: 0 }))[0], 'draft-limit', 'none was asked for');
});

test('a draft that its server’s filter cut has a reason of its own', async () => {
  const draft = drafting(['Hel', 'lo'], 'content_filter');
  assert.deepEqual(await decode(draft), ['draft-filtered', 'Hello there', 'stop']);
  assert.deepEqual(await decode(draft, { onNoSwitch: 'stop' }), ['draft-filtered', 'Hello', 'content_filter']);
});
