import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import {
  assertClose,
  countDecoded,
  largestDifference,
  logprobs,
  ROUNDING,
  total,
} from '../../../test/fixtures/engine-assertions.ts';
import { openTinyEngine, someTokens, type TinyEngine, write } from '../../../test/fixtures/tiny-engine.ts';

const GREEDY = { temperature: 0 };

let engine: TinyEngine;
before(async () => void (engine = await openTinyEngine()));
after(() => engine.close());

suite('the key-value cache', () => {
  test('is never filled twice with the same position, chunk after chunk and on', async () => {
    const model = await engine.open('attention');
    const [prefix, text] = [someTokens(20), someTokens(40, 2)];
    const counts = await countDecoded(async () => {
      for (let from = 0; from < text.length; from += 8) {
        await model.score([...prefix, ...text.slice(0, from)], text.slice(from, from + 8));
      }
      const { tokens } = await write(model, [...prefix, ...text], { ...GREEDY, maxTokens: 5 });
      assert.equal(tokens.length, 5);
    });
    // 60 tokens were given, and 4 of the 5 new ones were read to write the next.
    assert.equal(total(counts), 64);
    assert.equal(counts.length, 5 + 4);
  });

  for (const name of ['attention', 'sliding-window', 'mamba'] as const) {
    test(`of ${name} gives after any rewind or branch what a fresh model gives`, async () => {
      const text = someTokens(90);
      const prefixes = [
        text,
        text.slice(0, 80),
        text.slice(0, 79),
        [...text.slice(0, 70), ...someTokens(30, 5)],
        text.slice(0, 5),
        [...text.slice(0, 3), ...someTokens(90, 6)],
        text,
      ];
      const model = await engine.open(name);
      for (const prefix of prefixes) {
        const fresh = await engine.open(name);
        const continuation = someTokens(12, 9);
        const [actual, expected] = await Promise.all([model, fresh].map((it) => it.score(prefix, continuation)));
        assertClose(logprobs(actual!), logprobs(expected!), ROUNDING);
        await fresh.close();
      }
    });
  }

  test('is what the answers depend on', async () => {
    for (const name of ['attention', 'sliding-window', 'mamba'] as const) {
      const model = await engine.open(name);
      const text = someTokens(20);
      const other = text.with(15, someTokens(1, 77)[0]!);
      const [actual, expected] = await Promise.all(
        [text, other].map((prefix) => model.score(prefix, someTokens(12, 9))),
      );
      assert.ok(largestDifference(logprobs(actual!), logprobs(expected!)) > 5 * ROUNDING);
    }
  });

  test('of a sliding window can be rewound far behind the window', async () => {
    const [model, fresh] = [await engine.open('sliding-window'), await engine.open('sliding-window')];
    const text = someTokens(200);
    await model.score(text.slice(0, 100), text.slice(100));
    const counts = await countDecoded(async () => {
      const actual = await model.score(text.slice(0, 150), someTokens(10, 3));
      assertClose(logprobs(actual), logprobs(await fresh.score(text.slice(0, 150), someTokens(10, 3))), ROUNDING);
    });
    assert.ok(counts.includes(1 + 10), `only the last position and the new ones are computed: ${counts.join()}`);
  });

  for (const name of ['attention', 'sliding-window'] as const) {
    test(`of ${name} keeps what another conversation was given place beside`, async () => {
      const [model, fresh] = [await engine.open(name), await engine.open(name)];
      const [first, second] = [someTokens(40, 2), someTokens(80, 3)];
      await model.score(first.slice(0, 1), first.slice(1));
      await model.score(second.slice(0, 1), second.slice(1));
      // Cut back to where it has slid out of the second one's window, and on through what that one no longer looks at.
      await model.score(first.slice(0, 25), someTokens(75, 4));
      const [prefix, text] = [second.slice(0, 30), someTokens(6, 9)];
      const counts = await countDecoded(async () => {
        assertClose(logprobs(await model.score(prefix, text)), logprobs(await fresh.score(prefix, text)), ROUNDING);
      });
      assert.ok(counts.includes(1 + 6), `what is cached is not computed again: ${counts.join()}`);
    });
  }

  test('of a recurrent model is computed again where it cannot be cut', async () => {
    const model = await engine.open('mamba');
    const text = someTokens(30);
    await model.score(text.slice(0, 20), text.slice(20));
    const counts = await countDecoded(() => model.score(text.slice(0, 10), someTokens(5, 4)));
    assert.equal(total(counts), 15);
    const further = await countDecoded(() =>
      model.score([...text.slice(0, 10), ...someTokens(5, 4)], someTokens(5, 7)),
    );
    assert.equal(total(further), 5);
  });

  test('of a conversation survives another one', async () => {
    const model = await engine.open('attention');
    const [first, second] = [someTokens(100), someTokens(100, 8)];
    await model.score(first.slice(0, 1), first.slice(1));
    await model.score(second.slice(0, 1), second.slice(1));
    const counts = await countDecoded(() => model.score(first, someTokens(3, 2)));
    assert.equal(total(counts), 1 + 3);
  });
});
