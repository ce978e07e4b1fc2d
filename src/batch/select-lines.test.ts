import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { suite, test, type TestContext } from 'node:test';
import { makeFolder, writeInput } from '../../test/fixtures/example-batch.ts';
import { LineSet } from './line-set.ts';
import { MAX_LINE_BYTES } from './read-input-lines.ts';
import { scanInput } from './scan-input.ts';
import type { TextLine } from '../recording/text-line.ts';
import { needsIndex, type SelectOptions, selectLines } from './select-lines.ts';

interface Asked extends SelectOptions {
  readonly done?: readonly number[];
}

async function select(path: string, { done = [], ...options }: Asked) {
  const scan = await scanInput(path, { indexed: needsIndex(options) });
  const set = new LineSet(scan.lines);
  for (const line of done) set.add(line);
  const selection = selectLines(path, scan, set, options);
  const lines = await collect(selection.lines);
  return {
    total: selection.total,
    done: selection.done,
    numbers: lines.map(({ number }) => number),
    texts: lines.map(({ bytes }) => Buffer.from(bytes!).toString()),
  };
}

async function collect(lines: AsyncIterable<TextLine>): Promise<TextLine[]> {
  const all: TextLine[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

const letters = (text: string) => text.split(' ');

const ten = (context: TestContext) => writeInput(context, ['a', 'b', 'c', 'd', 'e', '', 'f', 'g', 'h', 'i']);

suite('which lines are answered', () => {
  test('all that are not blank, in their order', async (context) => {
    const path = await ten(context);
    assert.deepEqual(await select(path, {}), {
      total: 9,
      done: 0,
      numbers: [1, 2, 3, 4, 5, 7, 8, 9, 10],
      texts: letters('a b c d e f g h i'),
    });
  });

  test('without those that are done', async (context) => {
    const { total, done, texts } = await select(await ten(context), { done: [1, 7] });
    assert.deepEqual({ total, done, texts }, { total: 9, done: 2, texts: letters('b c d e g h i') });
  });

  test('the first ones, of which some are done', async (context) => {
    const { total, done, texts } = await select(await ten(context), { limit: 6, done: [1, 7, 10] });
    assert.deepEqual({ total, done, texts }, { total: 6, done: 2, texts: letters('b c d e') });
    assert.equal((await select(await ten(context), { limit: 100 })).total, 9);
  });

  test('those after some that are left out', async (context) => {
    const path = await ten(context);
    const { total, done, texts } = await select(path, { skip: 2, limit: 3, done: [1, 4] });
    assert.deepEqual({ total, done, texts }, { total: 3, done: 1, texts: letters('c e') });
    assert.deepEqual((await select(path, { skip: 8 })).texts, letters('i'));
    const message = 'There are 9 lines, and skip leaves out 9: lower it.';
    await assert.rejects(select(path, { skip: 9 }), { code: 'all-skipped', message });
  });

  test('in an order that the seed decides, the same whatever is done', async (context) => {
    const path = await ten(context);
    const all = await select(path, { shuffleSeed: 5 });
    assert.deepEqual(all.texts.toSorted(), letters('a b c d e f g h i'));
    assert.notDeepEqual(all.texts, all.texts.toSorted());
    const [first, second, third] = all.numbers;
    const rest = await select(path, { shuffleSeed: 5, limit: 4, done: [first!, third!] });
    assert.deepEqual(rest.numbers, [second, all.numbers[3]]);
    assert.equal(rest.done, 2);
  });

  test('both orders read the same lines: a mark, line ends of both kinds, no last line end', async (context) => {
    const path = `${await makeFolder(context)}/in.jsonl`;
    await writeFile(path, '\u{FEFF}{"a":"é"}\r\n\r\n  \n{"b":"🙂"}\n{"c":1}');
    const inOrder = await select(path, {});
    const byPlace = await select(path, { limit: 10 });
    assert.deepEqual(inOrder.texts, ['{"a":"é"}', '{"b":"🙂"}', '{"c":1}']);
    assert.deepEqual(byPlace, inOrder);
  });

  test('a line above the limit is one of them, without its bytes', async (context) => {
    const path = await writeInput(context, ['a', 'x'.repeat(MAX_LINE_BYTES + 1), 'b']);
    for (const options of [{}, { limit: 3 }]) {
      const scan = await scanInput(path, { indexed: needsIndex(options) });
      const { lines } = selectLines(path, scan, new LineSet(scan.lines), options);
      const sizes = (await collect(lines)).map(({ bytes }) => bytes?.length);
      assert.deepEqual(sizes, [1, undefined, 1]);
    }
  });

  test('the hash is that of the whole file', async (context) => {
    const path = await ten(context);
    const { sha256, bytes, lines, requests } = await scanInput(path);
    assert.equal(
      sha256,
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    );
    assert.deepEqual({ bytes, lines, requests }, { bytes: 19, lines: 10, requests: 9 });
  });
});
