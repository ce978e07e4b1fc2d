import assert from 'node:assert/strict';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { writeInput } from '../../test/fixtures/example-batch.ts';
import { statePath } from '../recording/recording-state.ts';
import { openOutput, type OutputOptions } from './open-batch.ts';
import { scanInput } from './scan-input.ts';

const OK = (line: number) => `{"line":${line},"text":"t"}\n`;
const BAD = (line: number) => `{"line":${line},"error":{"code":"c","message":"m"}}\n`;

interface Example {
  readonly options: OutputOptions;
  readonly read: () => Promise<string>;
}

/** An output of four lines with this content, as an earlier run left it. */
async function example(context: TestContext, content: string): Promise<Example> {
  const input = await writeInput(context, ['a', 'b', 'c', 'd']);
  const path = `${dirname(input)}/out.jsonl`;
  const words = { writer: 'batch', elsewhere: 'name another file with --output' };
  const fingerprint = { gamma: 0.8, draft: undefined };
  const options = { ...words, path, input, scan: await scanInput(input), fingerprint };
  await append(options, 4);
  await writeFile(path, content);
  return { options, read: () => readFile(path, 'utf8') };
}

async function append(options: OutputOptions, line: number): Promise<void> {
  await using output = await openOutput(options);
  await output.append({ line, hasFailed: false }, OK(line).trimEnd());
}

async function done(options: OutputOptions): Promise<{ done: number[]; failed: number }> {
  await using output = await openOutput(options);
  return { done: [1, 2, 3, 4].filter((line) => output.has(line)), failed: output.failed };
}

suite('going on with an output', () => {
  test('a new one has nothing done, and its state beside it', async (context) => {
    const { options } = await example(context, '');
    assert.deepEqual(await done(options), { done: [], failed: 0 });
    assert.deepEqual((await readdir(dirname(options.path))).sort(), ['in.jsonl', 'out.jsonl', 'out.jsonl.state.json']);
  });

  test('whole lines are done, in any order, failures too', async (context) => {
    const { options, read } = await example(context, OK(3) + BAD(1));
    assert.deepEqual(await done(options), { done: [1, 3], failed: 1 });
    assert.equal(await read(), OK(3) + BAD(1));
  });

  for (const [name, rest] of [
    ['a piece of a line', '{"line":2,"te'],
    ['a whole line without its end', '{"line":2}'],
    ['zeros, as a power cut may leave', '\0\0\0\0\n'],
    ['half a character', '{"line":2,"text":"\xc3'],
  ] as const) {
    test(`${name} at the end is not done, and cut off before the next line`, async (context) => {
      const { options, read } = await example(context, OK(3) + rest);
      assert.deepEqual(await done(options), { done: [3], failed: 0 });
      assert.equal(await read(), OK(3) + rest);
      await append(options, 2);
      assert.equal(await read(), OK(3) + OK(2));
    });
  }

  test('with nothing but a torn line, all is to be done', async (context) => {
    const { options, read } = await example(context, '{"li');
    assert.deepEqual(await done(options), { done: [], failed: 0 });
    await append(options, 1);
    assert.equal(await read(), OK(1));
  });

  test('a line in the middle that is none of ours is refused, and the file left alone', async (context) => {
    const content = `${OK(1)}hello\n${OK(2)}`;
    const { options, read } = await example(context, content);
    await assert.rejects(openOutput(options), /^ConfigError: Line 2 of .*out\.jsonl is not what batch writes/);
    assert.equal(await read(), content);
  });

  test('a line that the input does not have is none of ours', async (context) => {
    const { options } = await example(context, OK(5) + OK(1));
    await assert.rejects(openOutput(options), /Line 1 of .* is not what batch writes/);
  });

  test('failures are forgotten, and taken out before the next line', async (context) => {
    const content = OK(3) + BAD(1) + OK(2) + BAD(4);
    const { options, read } = await example(context, content);
    const retry = { ...options, retryFailed: true };
    assert.deepEqual(await done(retry), { done: [2, 3], failed: 0 });
    assert.equal(await read(), content);
    await append(retry, 1);
    assert.equal(await read(), OK(3) + OK(2) + OK(1));
    assert.deepEqual(await done(options), { done: [1, 2, 3], failed: 0 });
  });

  test('other settings are named, those without a value are none', async (context) => {
    const { options } = await example(context, OK(1));
    const fingerprint = { gamma: 0.7, temperature: 0 };
    await assert.rejects(openOutput({ ...options, fingerprint }), {
      name: 'ConfigError',
      message: /other settings \(gamma, temperature\): give the same ones, name another file/,
    });
    assert.deepEqual(await done({ ...options, fingerprint: { gamma: 0.8, window: undefined } }), {
      done: [1],
      failed: 0,
    });
  });

  test('another input is refused', async (context) => {
    const { options } = await example(context, OK(1));
    await writeFile(options.input, 'a\nb\nc\nX\n');
    const scan = await scanInput(options.input);
    await assert.rejects(openOutput({ ...options, scan }), /begun with another .*in\.jsonl \(4 lines, now 4\)/);
  });

  test("a file of someone else's is refused and left alone", async (context) => {
    const { options, read } = await example(context, 'my diary\n');
    await rm(statePath(options.path));
    await assert.rejects(openOutput(options), /is there already and .*state\.json.* is missing or damaged/);
    await writeFile(statePath(options.path), '{}');
    await assert.rejects(openOutput(options), /is missing or damaged/);
    assert.equal(await read(), 'my diary\n');
  });

  test('where the output was removed, the batch begins anew with what is asked now', async (context) => {
    const { options } = await example(context, OK(1));
    await rm(options.path);
    await append({ ...options, fingerprint: { gamma: 0.5 } }, 1);
    assert.match(await readFile(statePath(options.path), 'utf8'), /"gamma": 0.5/);
  });
});
