import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { WellbegunError } from '../core/errors.ts';
import { makeFolder } from '../../test/fixtures/example-batch.ts';
import { type AppendHandle, DurableFile } from './durable-file.ts';

/** A disk with room for so many characters, which takes a part of what does not fit, as disks do. */
function smallDisk(room: number) {
  const disk = { content: '', synced: '', syncs: 0, room };
  const handle: AppendHandle = {
    appendFile(text) {
      disk.content += text.slice(0, disk.room - disk.content.length);
      if (disk.content.length < disk.room) return Promise.resolve();
      return Promise.reject(Object.assign(new Error('no space'), { code: 'ENOSPC', errno: -28 }));
    },
    datasync() {
      disk.synced = disk.content;
      disk.syncs++;
      return new Promise((resolve) => setImmediate(resolve));
    },
    truncate(bytes) {
      disk.content = disk.content.slice(0, bytes);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
  return { disk, handle };
}

suite('a durable file', () => {
  test('a line that was appended is on the disk', async () => {
    const { disk, handle } = smallDisk(1000);
    const output = new DurableFile('out', handle, 0);
    await output.append('one\n');
    assert.equal(disk.synced, 'one\n');
    await output.append('two\n');
    assert.equal(disk.synced, 'one\ntwo\n');
  });

  test('lines that finish during a write share the next one', async () => {
    const { disk, handle } = smallDisk(1000);
    const output = new DurableFile('out', handle, 0);
    await Promise.all(['1\n', '2\n', '3\n', '4\n'].map((line) => output.append(line)));
    assert.equal(disk.synced, '1\n2\n3\n4\n');
    assert.equal(disk.syncs, 2);
  });

  test('a full disk keeps whole lines, and says so to each line that found no room', async () => {
    const { disk, handle } = smallDisk(10);
    const output = new DurableFile('out', handle, 0);
    await output.append('first\n');
    const outcomes = await Promise.allSettled([output.append('second\n'), output.append('third\n')]);
    for (const outcome of outcomes) {
      assert.ok(outcome.status === 'rejected' && outcome.reason instanceof WellbegunError);
      assert.match(outcome.reason.message, /^out can't be written, its disk is full: free some space/);
    }
    assert.equal(disk.content, 'first\n');
    disk.room = 1000;
    await output.append('second\n');
    assert.equal(disk.content, 'first\nsecond\n');
  });

  test('nothing is added to a part of a line that could not be cut off', async () => {
    const { disk, handle } = smallDisk(10);
    const output = new DurableFile('out', { ...handle, truncate: () => Promise.reject(new Error('busy')) }, 0);
    await output.append('first\n');
    await assert.rejects(output.append('second\n'));
    disk.room = 1000;
    await assert.rejects(output.append('third\n'), /busy/);
    assert.equal(disk.content, 'first\nseco');
  });

  test('opened again, what lies behind the whole lines is cut off', async (context) => {
    const path = join(await makeFolder(context), 'out.jsonl');
    await writeFile(path, '{"line":1}\n{"li');
    const output = await DurableFile.open(path, 11);
    await output.append('{"line":2}\n');
    await output.close();
    assert.equal(await readFile(path, 'utf8'), '{"line":1}\n{"line":2}\n');
  });

  test('a folder that is not there is told by name', async () => {
    await assert.rejects(
      DurableFile.open('/nowhere/out.jsonl', 0),
      /\/nowhere\/out\.jsonl could not be written \(ENOENT/,
    );
  });
});
