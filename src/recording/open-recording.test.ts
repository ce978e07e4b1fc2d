import assert from 'node:assert/strict';
import { appendFile, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { makeFolder } from '../../test/fixtures/example-batch.ts';
import type { ConfigError } from '../core/errors.ts';
import { flagOf } from '../settings/names.ts';
import { openRecording, type RecordingOptions } from './open-recording.ts';
import { statePath } from './recording-state.ts';

interface Verdict {
  readonly id: string;
  readonly wins?: boolean;
}

const OPTIONS: RecordingOptions<Verdict, string> = {
  writer: 'judge',
  elsewhere: 'name another file',
  fingerprint: { gamma: 1 },
  parse(text) {
    const verdict = JSON.parse(text) as Partial<Verdict>;
    return verdict.id === undefined ? undefined : (verdict as Verdict);
  },
  idOf: ({ id }) => id,
  hasFailed: ({ wins }) => wins === undefined,
};

const place = async (context: TestContext) => join(await makeFolder(context), 'verdicts.jsonl');

suite('a recording', () => {
  test('keeps items by their ids, and one that is not begun leaves nothing', async (context) => {
    const path = await place(context);
    await (await openRecording(path, OPTIONS)).close();
    assert.deepEqual(await readdir(dirname(path)), []);
    const first = await openRecording(path, OPTIONS);
    await Promise.all([first.append({ id: 'a', wins: true }), first.append({ id: 'b' })]);
    assert.deepEqual([first.has('a'), first.has('c'), first.size, first.failed], [true, false, 2, 1]);
    await first.close();
    const seen: string[] = [];
    const second = await openRecording(path, { ...OPTIONS, onItem: ({ id }) => seen.push(id) });
    assert.deepEqual([seen, second.has('b'), second.failed], [['a', 'b'], true, 1]);
    await second.close();
    assert.deepEqual((await readdir(dirname(path))).sort(), ['verdicts.jsonl', 'verdicts.jsonl.state.json']);
  });

  test('is written by one at a time', async (context) => {
    const path = await place(context);
    const first = await openRecording(path, OPTIONS);
    await assert.rejects(openRecording(path, OPTIONS), {
      name: 'ConfigError',
      message:
        /^Process \d+ is writing .*verdicts\.jsonl already: wait for it, or name another file \(.*remove the folder/,
    });
    await first.close();
    await (await openRecording(path, OPTIONS)).close();
  });

  test('without a fingerprint it has no state, for its items say what they depend on', async (context) => {
    const path = await place(context);
    const recording = await openRecording(path, { ...OPTIONS, fingerprint: undefined });
    await recording.append({ id: 'a', wins: false });
    await recording.close();
    assert.deepEqual(await readdir(dirname(path)), ['verdicts.jsonl']);
  });

  test('without its failures it is whole, whatever bytes its lines have', async (context) => {
    const path = await place(context);
    const first = await openRecording(path, OPTIONS);
    await first.append({ id: 'failed' });
    await first.close();
    // Latin 1, of another editor.
    await appendFile(path, Buffer.from('{"id":"caf\xe9","wins":true}\n', 'latin1'));
    const second = await openRecording(path, { ...OPTIONS, retryFailed: true });
    await second.append({ id: 'failed', wins: true });
    await second.close();
    const lines = (await readFile(path, 'latin1')).split('\n');
    assert.deepEqual(lines, ['{"id":"caf\xe9","wins":true}', '{"id":"failed","wins":true}', '']);
  });

  test('behind a link it is changed where it lies, and the link stays', async (context) => {
    const path = await place(context);
    const link = join(dirname(path), 'link.jsonl');
    await writeFile(path, '');
    await symlink(path, link);
    for (const item of [{ id: 'a' }, { id: 'a', wins: true }]) {
      const recording = await openRecording(link, { ...OPTIONS, retryFailed: true });
      await recording.append(item);
      await recording.close();
    }
    assert.equal(await readFile(path, 'utf8'), '{"id":"a","wins":true}\n');
  });

  test('depends on what servers call their models', async (context) => {
    const path = await place(context);
    const first = await openRecording(path, OPTIONS);
    first.dependsOn({ base: 'model-1' });
    await first.append({ id: 'a', wins: true });
    await first.close();
    const second = await openRecording(path, OPTIONS);
    second.dependsOn({ base: 'model-1' });
    assert.throws(() => second.dependsOn({ base: 'model-2' }), {
      name: 'ConfigError',
      message: /other settings \(base\)/,
    });
    await second.close();
  });

  test('in a folder that is not there it is refused', async (context) => {
    const path = await place(context);
    await assert.rejects(openRecording(join(path, 'no-folder', 'x.jsonl'), OPTIONS), /could not be written \(ENOENT/);
  });

  test('one whose settings stood in its first line goes on, and has its state beside it then', async (context) => {
    const path = await place(context);
    await writeFile(path, '{"format":"old","gamma":1}\n{"id":"a","wins":true}\n');
    const headOf = (text: string) => {
      const { format, ...head } = JSON.parse(text) as { readonly format?: string; readonly gamma: number };
      return format === 'old' ? head : undefined;
    };
    const options = { ...OPTIONS, headOf };
    await assert.rejects(openRecording(path, { ...options, fingerprint: { gamma: 2 } }), /other settings \(gamma\)/);
    for (const id of ['b', 'c']) {
      const recording = await openRecording(path, options);
      assert.ok(recording.has('a') && !recording.has(id));
      await recording.append({ id, wins: true });
      await recording.close();
    }
    assert.match(await readFile(statePath(path), 'utf8'), /"gamma": 1/);
    await assert.rejects(openRecording(path, { ...options, fingerprint: { gamma: 2, other: 1 } }), (error) => {
      assert.match((error as ConfigError).spelled(flagOf), /other settings \(--gamma, other\)/);
      return true;
    });
    await assert.rejects(openRecording(path, { ...options, fingerprint: { gamma: 2 } }), /other settings \(gamma\)/);
  });
});
