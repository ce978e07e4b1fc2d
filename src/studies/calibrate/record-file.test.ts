import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import { ConfigError } from '../../core/errors.ts';
import { promptedWriter } from '../../core/prompted-writer.ts';
import { pseudoRandom, writes } from '../../engines/scripted/next-token.ts';
import { scriptedModel } from '../../engines/scripted/scripted-model.ts';
import { plainForm } from '../../prompts/plain-form.ts';
import type { DraftRecord } from './draft-record.ts';
import { RecordFile } from './record-file.ts';
import { recordMissing } from './record-prompts.ts';

const SETTINGS = { base: 'b', draft: 'd', maxDraft: 10 };
const times = { draftPromptMs: 1, draftMs: 1, draftTokens: 0, scoreMs: 0, basePromptMs: 1, baseMs: 1, baseTokens: 1 };
const record = (prompt: string, draftTokens = 0): DraftRecord => ({
  ...{ prompt, finish: 'stop', tokens: [] },
  times: { ...times, draftTokens },
});

suite('a record file', () => {
  let folder: string;
  let path: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'wellbegun-record-'))));
  after(() => rm(folder, { recursive: true }));
  beforeEach(async () => {
    path = join(folder, 'record.jsonl');
    await rm(path, { force: true });
  });

  test('gives back what was appended, prompt by prompt', async () => {
    const written = await RecordFile.open(path, SETTINGS);
    await written.append(record('a', 1));
    await written.append(record('b', 2));
    await written.append(record('a', 3));
    for (const file of [written, await RecordFile.open(path, SETTINGS)]) {
      const drafted = file.recordsOf(['a', 'c', 'a', 'b', 'a']).map((one) => one?.times.draftTokens);
      assert.deepEqual(drafted, [1, undefined, 3, 2, undefined]);
    }
  });

  test('that was cut off anywhere goes on with whole lines', async () => {
    const first = await RecordFile.open(path, SETTINGS);
    await first.append(record('a'));
    const whole = await readFile(path, 'utf8');
    await first.append(record('b'));
    const all = await readFile(path, 'utf8');
    for (const length of [whole.length, whole.length + 1, all.length - 1]) {
      await writeFile(path, all.slice(0, length));
      const resumed = await RecordFile.open(path, SETTINGS);
      assert.deepEqual(
        resumed.recordsOf(['a', 'b']).map((one) => one?.prompt),
        ['a', undefined],
      );
      await resumed.append(record('b'));
      assert.equal(await readFile(path, 'utf8'), all);
    }
  });

  test('that was cut off in its first line begins anew', async () => {
    await RecordFile.open(path, SETTINGS);
    const head = await readFile(path, 'utf8');
    await writeFile(path, head.slice(0, 10));
    await assert.rejects(RecordFile.open(path, SETTINGS), /line 1 of .* is not what calibrate writes/);
  });

  test('of other settings is refused, and they are named', async () => {
    await RecordFile.open(path, SETTINGS);
    await assert.rejects(RecordFile.open(path, { ...SETTINGS, maxDraft: 20, system: 's' }), (error) => {
      return error instanceof ConfigError && /other settings \(maxDraft, system\)/.test(error.message);
    });
  });

  test('that is something else is refused, and not written to', async () => {
    for (const text of ['Dear diary,\n', '{"prompt": "a"}\n', 'null\n', 'no line end']) {
      await writeFile(path, text);
      await assert.rejects(RecordFile.open(path, SETTINGS), ConfigError);
      assert.equal(await readFile(path, 'utf8'), text);
    }
    await rm(path);
    await RecordFile.open(path, SETTINGS);
    await appendFile(path, '{"prompt": "a"}\n');
    await assert.rejects(RecordFile.open(path, SETTINGS), /line 2 of /);
  });

  test('keeps what was recorded before an interruption, and leaves out what does not fit', async () => {
    const controller = new AbortController();
    const base = scriptedModel({ next: pseudoRandom(3), contextLength: 200 });
    const draftModel = scriptedModel({ next: writes('A cat.') });
    const pair = { base, baseFormat: plainForm({}), draft: promptedWriter(draftModel, plainForm({})) };
    const notices: string[] = [];
    const notice = (text: string) => {
      notices.push(text);
      if (text.startsWith('Recorded 3')) controller.abort();
    };
    const file = await RecordFile.open(path, SETTINGS);
    const decoding = { sampling: { temperature: 0 }, signal: controller.signal };
    const prompts = ['one', 'x'.repeat(500), 'three', 'four'];
    await assert.rejects(recordMissing(prompts, { pair, file, path, decoding, notice }), { name: 'AbortError' });
    assert.match(notices[1]!, /^A prompt is left out \(x{40}…\): /);
    assert.match(notices.at(-1)!, /the same command goes on there\.$/);
    const reopened = await RecordFile.open(path, SETTINGS);
    assert.deepEqual(
      reopened.recordsOf(prompts).map((one) => one?.prompt),
      ['one', undefined, 'three', undefined],
    );
  });
});
