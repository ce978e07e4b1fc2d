import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FIRST_CHUNK } from '../../core/chunk-schedule.ts';
import { promptedWriter } from '../../core/prompted-writer.ts';
import type { SwitchCriterion } from '../../core/switch-criterion.ts';
import { weakToStrong } from '../../core/weak-to-strong.ts';
import { collectEvents } from '../../engines/scripted/collect-events.ts';
import { EXAMPLE_TOKENIZERS } from '../../engines/scripted/example-tokenizers.ts';
import { pseudoRandom, writes } from '../../engines/scripted/next-token.ts';
import { scriptedModel } from '../../engines/scripted/scripted-model.ts';
import { scriptedWriter } from '../../engines/scripted/scripted-writer.ts';
import { plainForm } from '../../prompts/plain-form.ts';
import { parseCriterion } from '../../assembly/notation/criteria/parse-criterion.ts';
import { fromLine, toLine } from './draft-record.ts';
import { recordDraft } from './record-draft.ts';
import { canReplay, replay } from './replay.ts';

const TEXT =
  "The cat sat on the mat. The other cat, though, didn't!\n\nThat is 3.14 cats. 你好世界。 🎉🎉 A café.\nThe end";
const CRITERIA = [
  'confidence(window=3, threshold=0.05)',
  'boundary(mean(window=4, threshold=0.02))',
  'anyOf(agreement(window=3, share=0.3), after(30, token(0.2)))',
  'entropy(window=2, bound=3)',
  'decay(window=2, ratio=0.2)',
  'relative(window=3, factor=0.01)',
  'allOf(fixed(20), min(window=2, threshold=0.01))',
  'never',
  'always',
].map(parseCriterion);

const sampling = { temperature: 0 };
const messages = [{ role: 'user', content: 'Hi' }] as const;

function pairOf({
  baseName,
  draftName,
  seed,
}: {
  baseName: keyof typeof EXAMPLE_TOKENIZERS;
  draftName: keyof typeof EXAMPLE_TOKENIZERS;
  seed: number;
}) {
  const base = scriptedModel({ id: 'base', next: pseudoRandom(seed), tokenizer: EXAMPLE_TOKENIZERS[baseName] });
  const draft = scriptedModel({ id: 'draft', next: writes(TEXT), tokenizer: EXAMPLE_TOKENIZERS[draftName] });
  return { base, baseFormat: plainForm({}), draft: promptedWriter(draft, plainForm({})) };
}

async function decoded(pair: ReturnType<typeof pairOf>, criterion: SwitchCriterion, maxDraftTokens: number) {
  const strategy = weakToStrong({ ...pair, criterion, maxDraftTokens });
  const { trace } = await collectEvents(strategy.decode({ messages, sampling, maxTokens: 0 }));
  return trace.switch!;
}

test('a replay says what decoding does, for any criterion, also after writing and reading the record', async (context) => {
  // The sizes of chunks follow the clock: where it stands still, the recording and decoding have the same ones.
  context.mock.method(performance, 'now', () => 0);
  const name = fc.constantFrom(...(['bytes', 'characters', 'words', 'merges'] as const));
  const setting = fc.record({
    baseName: name,
    draftName: name,
    seed: fc.integer(),
    maxDraft: fc.integer({ min: 1, max: 120 }),
  });
  await fc.assert(
    fc.asyncProperty(setting, fc.constantFrom(...CRITERIA), async ({ maxDraft, ...models }, criterion) => {
      const record = await recordDraft(pairOf(models), 'Hi', { ...sampling, maxDraft });
      const expected = await decoded(pairOf(models), criterion, maxDraft);
      for (const one of [record, fromLine(toLine(record))]) {
        const { switched, kept, drafted } = replay(criterion, one);
        assert.deepEqual(
          [kept, drafted, switched],
          [expected.index, expected.draftTokens, expected.reason === 'confident'],
        );
      }
    }),
    { numRuns: 60 },
  );
});

test('scored are the tokens up to the end of the chunk in which the switch falls', async () => {
  const record = await recordDraft(pairOf({ baseName: 'bytes', draftName: 'bytes', seed: 1 }), 'Hi', sampling);
  const { drafted, scored, kept } = replay(parseCriterion('fixed(3)'), record);
  assert.equal(kept, 3);
  assert.equal(drafted, FIRST_CHUNK);
  assert.ok(scored >= 3 && scored <= FIRST_CHUNK);
  assert.equal(record.tokens.filter((token) => token.drafted === FIRST_CHUNK).length, scored);
});

test('what the record lacks can not be replayed', async () => {
  const pair = {
    ...pairOf({ baseName: 'bytes', draftName: 'bytes', seed: 1 }),
    draft: scriptedWriter({ pieces: ['a ', 'b'] }),
  };
  const record = await recordDraft(pair, 'Hi', sampling);
  const able = CRITERIA.filter((criterion) => canReplay(criterion, record)).map((criterion) => criterion.name);
  assert.deepEqual(
    CRITERIA.map(({ name }) => name).filter((name) => !able.includes(name)),
    ['relative(window=3, factor=0.01)'],
  );
  const plain = {
    ...record,
    tokens: record.tokens.map(({ token, bytes, logprob, drafted }) => ({ token, bytes, logprob, drafted })),
  };
  assert.equal(canReplay(parseCriterion('entropy'), plain), false);
  assert.equal(canReplay(parseCriterion('confidence'), plain), true);
});

test('an impossible token and an unknown logprob survive the record file', () => {
  const bytes = new TextEncoder().encode('é');
  const token = { token: 1 as never, bytes, logprob: -Infinity, draftLogprob: Number.NaN, drafted: 1 };
  const times = { draftPromptMs: 1, draftMs: 1, draftTokens: 1, scoreMs: 1, basePromptMs: 1, baseMs: 0, baseTokens: 0 };
  const [read] = fromLine(toLine({ prompt: 'p', finish: 'stop', tokens: [token], times })).tokens;
  assert.deepEqual({ ...read!, bytes: [...read!.bytes] }, { ...token, bytes: [...bytes] });
});
