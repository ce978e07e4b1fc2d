import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, suite, test } from 'node:test';
import type { ModelSettings } from '../../assembly/model-settings.ts';
import { ConfigError } from '../../core/errors.ts';
import { promptedWriter } from '../../core/prompted-writer.ts';
import { pseudoRandom, writes } from '../../engines/scripted/next-token.ts';
import { scriptedModel } from '../../engines/scripted/scripted-model.ts';
import { plainForm } from '../../prompts/plain-form.ts';
import { statePath } from '../../recording/recording-state.ts';
import { type DraftRecord, toLine } from './draft-record.ts';
import { RecordFile, type RecordFileOptions } from './record-file.ts';
import { recordMissing, recordPrompts } from './record-prompts.ts';

const SETTINGS = { base: 'b', draft: 'd', maxDraft: 10 };
const OPTIONS = { fingerprint: SETTINGS };
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
    for (const each of [path, statePath(path)]) await rm(each, { force: true });
  });

  /** What is drafted for these prompts, as the file has it. */
  async function read(prompts: readonly string[], options: RecordFileOptions = OPTIONS) {
    await using file = await RecordFile.open(path, options);
    return file.recordsOf(prompts).map((one) => one?.times.draftTokens);
  }

  async function append(...records: readonly DraftRecord[]) {
    await using file = await RecordFile.open(path, OPTIONS);
    for (const one of records) await file.append(one);
  }

  test('gives back what was appended, prompt by prompt', async () => {
    await append(record('a', 1), record('b', 2), record('a', 3));
    assert.deepEqual(await read(['a', 'c', 'a', 'b', 'a']), [1, undefined, 3, 2, undefined]);
  });

  test('that was cut off anywhere goes on with whole lines', async () => {
    await append(record('a'));
    const whole = await readFile(path, 'utf8');
    await append(record('b'));
    const all = await readFile(path, 'utf8');
    for (const length of [whole.length, whole.length + 1, all.length - 1]) {
      await writeFile(path, all.slice(0, length));
      assert.deepEqual(await read(['a', 'b']), [0, undefined]);
      await append(record('b'));
      assert.equal(await readFile(path, 'utf8'), all);
    }
  });

  test('of other settings is refused, and they are named', async () => {
    await append(record('a'));
    await assert.rejects(read([], { fingerprint: { ...SETTINGS, maxDraft: 20 } }), {
      name: 'ConfigError',
      message: /other settings \(maxDraft\): give the same ones, name another file with record/,
    });
  });

  test('depends on the numbers of the cache and of the weights, where they are not the usual ones', async () => {
    {
      await using file = await RecordFile.open(path, { fingerprint: { ...SETTINGS, temperature: 0 } });
      await file.append(record('a'));
    }
    const ask = (models: ModelSettings, wrong: object = {}) =>
      recordPrompts(['a'], {
        path,
        models: { base: 'b', draft: 'd', ...models },
        decoding: { maxDraft: 10, temperature: 0, ...wrong },
        notice: () => undefined,
      });
    for (const wrong of [{ maxDraft: -1 }, { gamma: 0.5 }])
      await assert.rejects(ask({}, wrong), { name: 'ConfigError' });
    for (const usual of [{}, { kvType: 'f16', repack: false }] as const) assert.equal((await ask(usual)).length, 1);
    await assert.rejects(ask({ kvType: 'q8_0' }), /other settings \(kvType\)/);
    await assert.rejects(ask({ repack: true }), /other settings \(repack\)/);
    await assert.rejects(ask({ reproducible: true }), /other settings \(reproducible\)/);
  });

  test('that an earlier version wrote, with its settings in the first line, goes on', async () => {
    const head = JSON.stringify({ format: 'wellbegun-calibration-1', ...SETTINGS });
    const line = toLine(record('a', 7));
    await writeFile(path, `${head}\n${line}\n`);
    const content = { named: 'b', file: '/b', bytes: 1, modifiedMs: 1, sha256: 'x' };
    assert.deepEqual(await read(['a'], { fingerprint: { ...SETTINGS, base: content } }), [7]);
    await assert.rejects(read(['a'], { fingerprint: { ...SETTINGS, draft: 'other' } }), /other settings \(draft\)/);
    await append(record('b', 8));
    assert.deepEqual(await read(['a', 'b']), [7, 8]);
  });

  test('that is something else is refused, and not written to', async () => {
    for (const text of ['Dear diary,\n', '{"prompt": "a"}\n', 'null\n', 'no line end']) {
      await writeFile(path, text);
      await assert.rejects(RecordFile.open(path, OPTIONS), ConfigError);
      assert.equal(await readFile(path, 'utf8'), text);
    }
    await rm(path);
    await append(record('a'));
    await appendFile(path, '{"prompt": "a"}\n\n');
    await assert.rejects(RecordFile.open(path, OPTIONS), /Line 2 of .* is not what calibrate writes/);
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
    await using file = await RecordFile.open(path, OPTIONS);
    const decoding = { temperature: 0, signal: controller.signal };
    const prompts = ['one', 'x'.repeat(500), 'three', 'four'];
    await assert.rejects(recordMissing(prompts, { pair, file, path, decoding, notice }), { name: 'AbortError' });
    assert.match(notices[1]!, /^A prompt is left out \(x{40}…\): /);
    assert.match(notices.at(-1)!, /the same command goes on there\.$/);
    assert.deepEqual(
      file.recordsOf(prompts).map((one) => one?.prompt),
      ['one', undefined, 'three', undefined],
    );
  });
});
