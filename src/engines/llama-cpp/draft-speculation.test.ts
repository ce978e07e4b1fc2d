import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { openTinyEngine, type TinyEngine, write } from '../../../test/fixtures/tiny-engine.ts';
import type { TinyModelName } from '../../../test/fixtures/tiny-gguf/make-tiny-models.ts';
import type { TokenId } from '../../core/language-model.ts';
import { promptedWriter } from '../../core/prompted-writer.ts';
import type { PromptFormat } from '../../core/prompt-format.ts';
import { ResponseStream } from '../../core/response-stream.ts';
import { draftProposer } from '../../core/speculation/draft-proposer.ts';
import type { TokenProposer } from '../../core/speculation/token-proposer.ts';

/** The draft reads question and answer one after the other, without marks. */
const FORM: PromptFormat = {
  format: (messages) => ({ text: messages.map(({ content }) => ({ text: content, control: false })), stop: [] }),
};
const QUESTION = 'Once upon a time';

let engine: TinyEngine;
before(async () => void (engine = await openTinyEngine()));
after(() => engine.close());

async function openPair(baseName: TinyModelName, draftName: TinyModelName) {
  const [base, draft] = [await engine.open(baseName), await engine.open(draftName)];
  const prompt = await base.encode([{ text: QUESTION, control: false }]);
  const proposer = draftProposer({
    draft: promptedWriter(draft, FORM),
    base,
    messages: [{ role: 'user', content: QUESTION }],
    promptTokens: prompt.length,
    // Next to nothing, so that it is asked at once.
    msPerToken: 1e-6,
  });
  return { base, draft, prompt, proposer };
}

function counting(proposer: TokenProposer) {
  const proposed: (readonly TokenId[])[] = [];
  const counted: TokenProposer = {
    ...proposer,
    async propose(...args) {
      const tokens = await proposer.propose(...args);
      proposed.push(tokens);
      return tokens;
    },
  };
  return { counted, proposed };
}

suite('a draft that proposes leaves the text as it is', () => {
  for (const base of ['byte-bpe', 'sentencepiece', 'attention'] as const) {
    for (const draft of ['byte-bpe', 'sentencepiece'] as const) {
      test(`${draft} for ${base}`, async () => {
        const { base: model, prompt, proposer } = await openPair(base, draft);
        const { counted, proposed } = counting(proposer);
        for (const sampling of [{ temperature: 0 }, { temperature: 1.2, seed: 5 }]) {
          const plain = await write(model, prompt, { ...sampling, maxTokens: 40 });
          assert.deepEqual(await write(model, prompt, { ...sampling, maxTokens: 40, proposers: [counted] }), plain);
        }
        assert.ok(
          proposed.some(({ length }) => length > 0),
          'the draft was never asked',
        );
      });
    }
  }
});

test('a stop string within a proposal ends the response where it ends without one', async () => {
  const { base, prompt, proposer } = await openPair('byte-bpe', 'byte-bpe');
  const { text } = await write(base, prompt, { temperature: 0, maxTokens: 40 });
  const stop = text.slice(9, 12);
  const until = async (proposers: readonly TokenProposer[]) => {
    const stream = new ResponseStream([stop]);
    let shown = '';
    for await (const { token, bytes } of base.generate(prompt, { temperature: 0, maxTokens: 40, proposers })) {
      for (const event of stream.pushToken({ id: token, source: 'base' }, bytes))
        if (event.type === 'token') shown += event.text;
      if (stream.stopped) break;
    }
    return shown;
  };
  assert.equal(await until([proposer]), text.slice(0, text.indexOf(stop)));
  assert.equal(await until([]), text.slice(0, text.indexOf(stop)));
});

test('an abort while the draft proposes is heard, and both models answer the next request', async () => {
  const { base, prompt, proposer } = await openPair('byte-bpe', 'sentencepiece');
  const controller = new AbortController();
  const aborting: TokenProposer = {
    ...proposer,
    propose(tokens, limit, signal) {
      controller.abort();
      return proposer.propose(tokens, limit, signal);
    },
  };
  const writing = write(base, prompt, {
    temperature: 0,
    maxTokens: 40,
    proposers: [aborting],
    signal: controller.signal,
  });
  await assert.rejects(writing, { name: 'AbortError' });
  assert.deepEqual(
    await write(base, prompt, { temperature: 0, maxTokens: 8, proposers: [proposer] }),
    await write(base, prompt, { temperature: 0, maxTokens: 8 }),
  );
});

test('a draft that is closed in the middle is left out, and the response goes on', async () => {
  const { base, draft, prompt, proposer } = await openPair('byte-bpe', 'byte-bpe');
  const plain: TokenId[] = [];
  for await (const { token } of base.generate(prompt, { temperature: 0, maxTokens: 20 })) plain.push(token);
  const helped: TokenId[] = [];
  for await (const { token } of base.generate(prompt, { temperature: 0, maxTokens: 20, proposers: [proposer] })) {
    helped.push(token);
    if (helped.length === 5) await draft.close();
  }
  assert.deepEqual(helped, plain);
});
