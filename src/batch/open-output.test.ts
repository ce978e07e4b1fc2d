import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { ConfigError } from '../core/errors.ts';
import { statePath } from './batch-state.ts';
import { writeInput } from '../../test/fixtures/example-batch.ts';
import { type BatchSource, earlierOutput, linesDone, openOutput } from './open-output.ts';
import { scanInput } from './scan-input.ts';

const OK = (line: number) => `{"line":${line},"text":"t"}\n`;
const BAD = (line: number) => `{"line":${line},"error":{"code":"c","message":"m"}}\n`;

interface Example {
  readonly path: string;
  readonly source: BatchSource;
  readonly read: () => Promise<string>;
}

/** An output of four lines with this content, as an earlier run left it. */
async function example(context: TestContext, content?: string): Promise<Example> {
  const input = await writeInput(context, ['a', 'b', 'c', 'd']);
  const path = `${dirname(input)}/out.jsonl`;
  const source = { input, scan: await scanInput(input), settings: { gamma: 0.8, draft: undefined } };
  await (await openOutput(path, undefined, { ...source, withoutFailures: false })).close();
  if (content !== undefined) await writeFile(path, content);
  return { path, source, read: () => readFile(path, 'utf8') };
}

async function goOn({ path, source }: Example, withoutFailures = false): Promise<{ done: number[]; failed: number }> {
  const earlier = await earlierOutput(path, source);
  const { done, failed } = linesDone(earlier, { scan: source.scan, withoutFailures });
  await (await openOutput(path, earlier, { ...source, withoutFailures })).close();
  return { done: [1, 2, 3, 4].filter((line) => done.has(line)), failed };
}

suite('going on with an output', () => {
  test('a new one has nothing done, and its state beside it', async (context) => {
    const new_ = await example(context);
    assert.deepEqual(await goOn(new_), { done: [], failed: 0 });
    assert.deepEqual((await readdir(dirname(new_.path))).sort(), ['in.jsonl', 'out.jsonl', 'out.jsonl.state.json']);
  });

  test('whole lines are done, in any order, failures too', async (context) => {
    const old = await example(context, OK(3) + BAD(1));
    assert.deepEqual(await goOn(old), { done: [1, 3], failed: 1 });
    assert.equal(await old.read(), OK(3) + BAD(1));
  });

  for (const [name, rest] of [
    ['a piece of a line', '{"line":2,"te'],
    ['a whole line without its end', '{"line":2}'],
    ['zeros, as a power cut may leave', '\0\0\0\0\n'],
    ['half a character', '{"line":2,"text":"\xc3'],
  ] as const) {
    test(`${name} at the end is cut off and not done`, async (context) => {
      const old = await example(context, OK(3) + rest);
      assert.deepEqual(await goOn(old), { done: [3], failed: 0 });
      assert.equal(await old.read(), OK(3));
    });
  }

  test('with nothing but a torn line, all is to be done', async (context) => {
    const old = await example(context, '{"li');
    assert.deepEqual(await goOn(old), { done: [], failed: 0 });
    assert.equal(await old.read(), '');
  });

  test('a line in the middle that is none of ours is refused, and the file left alone', async (context) => {
    const content = `${OK(1)}hello\n${OK(2)}`;
    const old = await example(context, content);
    await assert.rejects(goOn(old), /^ConfigError: Line 2 of .*out\.jsonl is not what batch writes/);
    assert.equal(await old.read(), content);
  });

  test('a line that the input does not have is none of ours', async (context) => {
    await assert.rejects(goOn(await example(context, OK(5) + OK(1))), /Line 1 of .* is not what batch writes/);
  });

  test('failures are taken out to be done anew', async (context) => {
    const old = await example(context, OK(3) + BAD(1) + OK(2) + BAD(4));
    assert.deepEqual(await goOn(old, true), { done: [2, 3], failed: 0 });
    assert.equal(await old.read(), OK(3) + OK(2));
    assert.deepEqual(await goOn(old), { done: [2, 3], failed: 0 });
  });

  test('other settings are named, those without a value are none', async (context) => {
    const { path, source } = await example(context, OK(1));
    const settings = { gamma: 0.7, temperature: 0 };
    await assert.rejects(earlierOutput(path, { ...source, settings }), (error: Error) => {
      assert.ok(error instanceof ConfigError);
      assert.match(error.message, /other settings \(gamma, temperature\): give the same ones, name another file/);
      return true;
    });
    assert.ok(await earlierOutput(path, { ...source, settings: { gamma: 0.8, window: undefined } }));
  });

  test('another input is refused', async (context) => {
    const { path, source } = await example(context, OK(1));
    await writeFile(source.input, 'a\nb\nc\nX\n');
    const scan = await scanInput(source.input);
    await assert.rejects(earlierOutput(path, { ...source, scan }), /begun with another .*in\.jsonl \(4 lines, now 4\)/);
  });

  test("a file of someone else's is refused and left alone", async (context) => {
    const { path, source, read } = await example(context, 'my diary\n');
    await rm(statePath(path));
    await assert.rejects(earlierOutput(path, source), /is there already and .*state\.json.* is missing or damaged/);
    await writeFile(statePath(path), '{}');
    await assert.rejects(earlierOutput(path, source), /is missing or damaged/);
    assert.equal(await read(), 'my diary\n');
  });

  test('where the output was removed, the batch begins anew with what is asked now', async (context) => {
    const { path, source } = await example(context, OK(1));
    await rm(path);
    const settings = { gamma: 0.5 };
    const earlier = await earlierOutput(path, { ...source, settings });
    assert.equal(earlier, undefined);
    await (await openOutput(path, earlier, { ...source, settings, withoutFailures: false })).close();
    assert.match(await readFile(statePath(path), 'utf8'), /"gamma": 0.5/);
  });
});
