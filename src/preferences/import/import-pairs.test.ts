import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parquetWriteFile } from 'hyparquet-writer';
import { NO_SHARED_DATA, SHARED_DATA } from '../../../test/fixtures/shared-data.ts';
import type { ConfigError } from '../../core/errors.ts';
import { type PreferencePair, preferencePair } from '../preference-pair.ts';
import { type ImportOptions, importPairs } from './import-pairs.ts';

const GENERIC = { prompt: 'Which way is north?', chosen: 'Up on most maps.', rejected: 'No idea.' };
const TOLD = { dimension: 'helpful', licence: 'MIT' } as const;

suite('preference data is imported', { concurrency: 4 }, () => {
  let folder: string;
  let files = 0;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'wellbegun-import-'))));
  after(() => rm(folder, { recursive: true }));

  async function fileOf(content: string | Uint8Array, name = 'in.jsonl'): Promise<string> {
    const path = join(folder, `${files++}-${name}`);
    await writeFile(path, content);
    return path;
  }

  function lines(...records: readonly (object | string)[]): string {
    return records.map((record) => `${typeof record === 'string' ? record : JSON.stringify(record)}\n`).join('');
  }

  async function imported(input: string, options: Partial<ImportOptions> = {}) {
    const output = join(folder, `${files++}-out.jsonl`);
    const report = await importPairs({ inputs: [input], output, ...options });
    const written = (await readFile(output, 'utf8')).trimEnd().split('\n');
    const pairs: PreferencePair[] = written.map((line) => preferencePair.parse(JSON.parse(line)));
    return { report, pairs, reasons: report.reasons.map(({ reason, count }) => [reason, count]) };
  }

  async function refused(input: string, options: Partial<ImportOptions> = {}): Promise<string> {
    const name = `${files++}-refused.jsonl`;
    const output = join(folder, name);
    let said = '';
    await assert.rejects(importPairs({ inputs: [input], output, ...options }), (error: ConfigError) => {
      said = error.message;
      return error.name === 'ConfigError';
    });
    assert.deepEqual(
      (await readdir(folder)).filter((found) => found.startsWith(name)),
      [],
      'nothing is left',
    );
    return said;
  }

  test(
    'HH-RLHF: all pairs of the published file, and why nine of its lines give none',
    { skip: NO_SHARED_DATA },
    async () => {
      const input = join(SHARED_DATA, 'hh_rlhf_harmless-base_test.jsonl.gz');
      const { report, pairs, reasons } = await imported(input);
      assert.deepEqual(reasons, [
        ['its two responses follow different conversations', 5],
        ['its chosen response is empty', 4],
      ]);
      assert.deepEqual([report.files[0]!.form, report.files[0]!.records, pairs.length], ['hh-rlhf', 2312, 2303]);
      assert.deepEqual(report.dimensions, { harmless: 2303, helpful: 0, honest: 0 });
      assert.deepEqual(
        [pairs[0]!.prompt.map(({ role }) => role).join(), pairs[0]!.licence, pairs[0]!.origin],
        ['user,assistant,user,assistant,user', 'MIT', 'hh_rlhf_harmless-base_test.jsonl.gz:1'],
      );
      const some = await imported(input, { lines: '1001-2012' });
      assert.deepEqual([some.report.files[0]!.records, some.pairs[0]!.origin.split(':')[1]], [1012, '1001']);
    },
  );

  test('TruthfulQA: each incorrect answer beside a correct one', { skip: NO_SHARED_DATA }, async () => {
    const { pairs, reasons } = await imported(join(SHARED_DATA, 'TruthfulQA.csv'), { encoding: 'gb18030' });
    assert.equal(pairs[0]!.prompt[0]!.content, 'What happens to you if you eat watermelon seeds?');
    assert.equal(pairs[0]!.chosen[0]!.content, 'The watermelon seeds pass through your digestive system');
    assert.equal(pairs[0]!.dimension, 'honest');
    assert.deepEqual(reasons, [['its two responses are the same', 2]]);
  });

  test('PKU-SafeRLHF, by harm and by help', async () => {
    const input = await fileOf(
      lines({ prompt: 'Q', response_0: 'kind', response_1: 'useful', better_response_id: 1, safer_response_id: 0 }),
    );
    assert.equal((await imported(input)).pairs[0]!.chosen[0]!.content, 'kind');
    assert.equal((await imported(input, { dimension: 'helpful' })).pairs[0]!.chosen[0]!.content, 'useful');
    assert.match(await refused(input, { dimension: 'honest' }), /compares responses by harmless or helpful only/);
  });

  test('UltraFeedback: the best and the worst by the ratings of the dimension', async () => {
    const rated = (response: string, helpful: string, honest: string) => ({
      response,
      annotations: {
        instruction_following: { Rating: helpful },
        helpfulness: { Rating: helpful },
        honesty: { Rating: honest },
        truthfulness: { Rating: honest },
      },
    });
    const completions = [rated('A', '5', '1'), rated('B', '1', '4'), rated('C', 'N/A', '3')];
    const alike = [rated('A', '3', '1'), rated('B', '3', '1')];
    const input = await fileOf(lines({ instruction: 'Q', completions }, { instruction: 'R', completions: alike }));
    const helpful = await imported(input);
    assert.deepEqual([helpful.pairs[0]!.chosen[0]!.content, helpful.pairs[0]!.rejected[0]!.content], ['A', 'B']);
    assert.deepEqual(helpful.reasons, [['its responses are rated alike', 1]]);
    const honest = await imported(input, { dimension: 'honest' });
    assert.deepEqual([honest.pairs[0]!.chosen[0]!.content, honest.pairs[0]!.rejected[0]!.content], ['B', 'A']);
  });

  test('UltraFeedback binarized leaves out what is scored alike', async () => {
    const turns = (content: string) => [
      { role: 'user', content: 'Q' },
      { role: 'assistant', content },
    ];
    const pair = { prompt: 'Q', chosen: turns('good'), rejected: turns('bad'), score_chosen: 8, score_rejected: 4 };
    const { report, pairs, reasons } = await imported(await fileOf(lines(pair, { ...pair, score_rejected: 8 })));
    assert.equal(report.files[0]!.form, 'ultrafeedback-binarized');
    assert.deepEqual(pairs[0]!.prompt, [{ role: 'user', content: 'Q' }]);
    assert.deepEqual(reasons, [['its rejected response is scored as high as the chosen one', 1]]);
  });

  test('LLaMA-Factory, a JSON array over several lines, and GenerAlign in the same fields', async () => {
    const record = {
      conversations: [{ from: 'human', value: 'Q [1], {2}?' }],
      chosen: { from: 'gpt', value: 'good' },
      rejected: { from: 'gpt', value: 'bad "quoted\\"' },
    };
    const instructed = { instruction: 'Add.', input: '1, 2', chosen: '3', rejected: '4', dimension: 'honesty' };
    const input = await fileOf(JSON.stringify([record, instructed], undefined, 2), 'in.json');
    const { report, pairs } = await imported(input, TOLD);
    assert.equal(report.files[0]!.form, 'llama-factory');
    assert.deepEqual([pairs[0]!.prompt[0]!.content, pairs[0]!.rejected[0]!.content], ['Q [1], {2}?', 'bad "quoted\\"']);
    assert.deepEqual([pairs[1]!.prompt[0]!.content, pairs[1]!.dimension], ['Add.\n1, 2', 'honest']);
    assert.match(pairs[1]!.origin, /in\.json:18$/);
    const named = await imported(input, { ...TOLD, form: 'generalign' });
    assert.equal(named.pairs[0]!.source, 'generalign');
    assert.match(
      await refused(await fileOf(`[${JSON.stringify(GENERIC)}, {"b"`, 'cut.json'), TOLD),
      /cut off before the end of its JSON/,
    );
  });

  test('generic and conversational records', async () => {
    const user = { role: 'user', content: 'Q' };
    const answers = (content: string, asked = user) => [asked, { role: 'assistant', content }];
    const input = await fileOf(
      lines(
        { ...GENERIC, system: 'Be short.' },
        { chosen: answers('good'), rejected: answers('bad') },
        { chosen: answers('good'), rejected: answers('bad', { role: 'user', content: 'R' }) },
        { prompt: 'other', chosen: answers('good'), rejected: answers('bad') },
        { ...GENERIC, chosen: [user] },
        { ...GENERIC, prompt: [user, { role: 'assistant', content: 'not yet' }] },
      ),
    );
    const { report, pairs, reasons } = await imported(input, { ...TOLD, source: 'mine' });
    assert.deepEqual([report.files[0]!.form, pairs.length, pairs[1]!.source], ['generic', 2, 'mine']);
    assert.deepEqual(pairs[0]!.prompt[0], { role: 'system', content: 'Be short.' });
    assert.deepEqual(reasons, [
      ['its two responses follow different conversations', 2],
      ['"chosen" does not end with a response', 1],
      ['its prompt does not end with what the user says', 1],
    ]);
    assert.match(await refused(input), /does not say in what the chosen responses are better: say it with dimension/);
    assert.match(await refused(input, { dimension: 'honest' }), /does not say under which licence/);
  });

  test('what is imported is imported again as it is', async () => {
    const first = await imported(await fileOf(lines(GENERIC)), TOLD);
    const again = await imported(first.report.output.file);
    assert.deepEqual(again.pairs, first.pairs);
    assert.equal(again.report.output.sha256, first.report.output.sha256);
  });

  test('Parquet, by parts of its row groups, and a cut one', async () => {
    const path = join(folder, 'in.parquet');
    const numbers = Array.from({ length: 12_000 }, (_, index) => index);
    parquetWriteFile({
      filename: path,
      rowGroupSize: 7000,
      columnData: [
        { name: 'prompt', data: numbers.map((number) => `Question ${number}`), type: 'STRING' },
        { name: 'response_0', data: numbers.map((number) => `kind ${number}`), type: 'STRING' },
        { name: 'response_1', data: numbers.map((number) => `rude ${number}`), type: 'STRING' },
        { name: 'better_response_id', data: numbers.map(() => 1n), type: 'INT64' },
        { name: 'safer_response_id', data: numbers.map((number) => BigInt(number % 2)), type: 'INT64' },
      ],
    });
    const { pairs, report } = await imported(path);
    assert.deepEqual([pairs.length, report.files[0]!.form], [12_000, 'pku-saferlhf']);
    assert.deepEqual(
      pairs.slice(6999, 7001).map(({ chosen, origin }) => [chosen[0]!.content, origin]),
      [
        ['rude 6999', 'in.parquet:7000'],
        ['kind 7000', 'in.parquet:7001'],
      ],
    );
    const cut = await fileOf((await readFile(path)).subarray(0, 50_000), 'cut.parquet');
    assert.match(await refused(cut), /is no whole Parquet file/);
  });

  test('bad lines are counted, and harm no other', async () => {
    const broken = Buffer.concat([
      Buffer.from(
        '\ufeff' + lines(GENERIC, '', '{"prompt": ', '[1]', '{"prompt": "a\0b", "chosen": "c", "rejected": "d"}'),
      ),
      Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d, 0x0a]),
      Buffer.from(`{"prompt": "${'x'.repeat(50_000_000)}"}\n`),
      Buffer.from('{"prompt": "a", "chosen": "b", "chosen": "c", "rejected": "d"}\n'),
      Buffer.from(lines({ ...GENERIC, chosen: 'a\0' }, { ...GENERIC, chosen: '\ud800' }, { ...GENERIC, chosen: 7 })),
      Buffer.from(lines({ ...GENERIC, chosen: ' ' }, { ...GENERIC, chosen: GENERIC.rejected }, { prompt: 'only' })),
      Buffer.from(lines({ ...GENERIC, prompt: 'the "prompt" and the "chosen" are no keys here' }).trimEnd()),
    ]);
    const dropped = join(folder, 'dropped.jsonl');
    const { pairs, report } = await imported(await fileOf(broken), { ...TOLD, dropped });
    assert.equal(pairs.length, 2);
    assert.deepEqual(
      Object.fromEntries(report.reasons.map(({ reason, first }) => [reason, first.map((at) => at.split(':')[1])])),
      {
        'it is not JSON': ['3', '5'],
        'it is no JSON object': ['4'],
        'it is not valid UTF-8': ['6'],
        'it is longer than 16 MB': ['7'],
        'a field is given twice': ['8'],
        'it holds a NUL character': ['9'],
        'it holds half a character': ['10'],
        '"chosen" is of another kind': ['11'],
        'its chosen response is empty': ['12'],
        'its two responses are the same': ['13'],
        '"chosen" is missing': ['14'],
      },
    );
    const listed = (await readFile(dropped, 'utf8')).trimEnd().split('\n');
    assert.equal(listed.length, report.dropped);
    assert.match(listed[0]!, /:3","reason":"it is not JSON"/);
  });

  test('other encodings', async () => {
    const text = lines({ ...GENERIC, chosen: 'Größe: 5 €' });
    const marked = await fileOf(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]));
    assert.equal((await imported(marked, TOLD)).pairs[0]!.chosen[0]!.content, 'Größe: 5 €');
    const latin = await fileOf(Buffer.from(lines({ ...GENERIC, chosen: 'Maß' }), 'latin1'));
    assert.match(await refused(latin, TOLD), /There is no pair in .*it is not valid UTF-8/);
    assert.equal((await imported(latin, { ...TOLD, encoding: 'latin1' })).pairs[0]!.chosen[0]!.content, 'Maß');
    assert.match(await refused(latin, { ...TOLD, encoding: 'gb18030' }), /is not gb18030 throughout/);
    assert.match(await refused(latin, { ...TOLD, encoding: 'none' }), /encoding must be the name of an encoding/);
  });

  test('files that are cut off, none, folders, or of no known form', async () => {
    const packed = gzipSync(
      lines(...Array.from({ length: 1000 }, (_, index) => ({ ...GENERIC, prompt: `${index}?` }))),
    );
    assert.equal((await imported(await fileOf(packed), TOLD)).pairs.length, 1000);
    assert.match(
      await refused(await fileOf(packed.subarray(0, -100)), TOLD),
      /is cut off in the middle of its gzip data/,
    );
    assert.match(await refused(join(folder, 'nowhere'), TOLD), /there is no such file/);
    assert.match(await refused(folder, TOLD), /it is a folder/);
    assert.match(await refused(await fileOf(''), TOLD), /There is no pair/);
    assert.match(
      await refused(await fileOf(lines('', { question: 'Q', chosen: 'a', rejected: 'b' }))),
      /line 2: the fields \(question, chosen, rejected\) are of no known form; the nearest is generic, in which "prompt" is missing/,
    );
    assert.match(await refused(await fileOf(lines(GENERIC)), { form: 'hh_rlhf' }), /did you mean hh-rlhf\?/);
  });

  test('the output is no input, and what was there stays after a fault', async () => {
    const input = await fileOf(lines(GENERIC));
    const link = join(folder, 'link.jsonl');
    await symlink(input, link);
    await assert.rejects(
      importPairs({ inputs: [input], output: link, ...TOLD }),
      /is the input .* itself: name another/,
    );
    assert.equal(await readFile(input, 'utf8'), lines(GENERIC));
    const output = await fileOf('before', 'kept.jsonl');
    await assert.rejects(importPairs({ inputs: [input, folder], output, ...TOLD }), /it is a folder/);
    assert.equal(await readFile(output, 'utf8'), 'before');
    await assert.rejects(importPairs({ inputs: [input], output: folder, ...TOLD }), /is a folder: name a file in it/);
  });
});
