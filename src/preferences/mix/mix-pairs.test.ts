import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Dimension, DIMENSIONS, type PreferencePair } from '../preference-pair.ts';
import { mixPairs, type MixOptions } from './mix-pairs.ts';
import { apportion, parseShares } from './shares.ts';

function pair(prompt: string, dimension: Dimension, index: number): PreferencePair {
  return {
    prompt: [{ role: 'user', content: prompt }],
    chosen: [{ role: 'assistant', content: `good ${index}` }],
    rejected: [{ role: 'assistant', content: `bad ${index}` }],
    ...{ dimension, source: `${dimension} data`, licence: 'MIT', origin: `in.jsonl:${index}` },
  };
}

/** Three pairs to a prompt, whose case and signs differ. */
function pairsOf(dimension: Dimension, count: number): PreferencePair[] {
  return Array.from({ length: count }, (_, index) => {
    const prompt = `What is ${dimension} number ${Math.floor(index / 3)}`;
    return pair([`${prompt}?`, `${prompt.toUpperCase()}!`, ` ${prompt} …`][index % 3]!, dimension, index);
  });
}

/** In small letters, without signs. */
function promptOf({ prompt }: PreferencePair): string {
  return prompt[0]!.content.toLowerCase().replace(/\W+/g, ' ').trim();
}

suite('preference data is mixed', () => {
  let folder: string;
  let files = 0;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'wellbegun-mix-'))));
  after(() => rm(folder, { recursive: true }));

  async function fileOf(pairs: readonly (PreferencePair | string)[], end = '\n'): Promise<string> {
    const path = join(folder, `${files++}.jsonl`);
    await writeFile(path, pairs.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n') + end);
    return path;
  }

  async function mixed(inputs: readonly string[], options: Partial<MixOptions> = {}) {
    const output = join(folder, `mix-${files++}`);
    const manifest = await mixPairs({ inputs, output, ...options });
    const pairs: Record<string, PreferencePair[]> = {};
    for (const { file } of manifest.files) {
      const lines = (await readFile(join(output, file), 'utf8')).split('\n').filter((line) => line !== '');
      pairs[file] = lines.map((line) => JSON.parse(line) as PreferencePair);
    }
    return { output, manifest, pairs };
  }

  const all = () =>
    Promise.all(
      [pairsOf('harmless', 600), pairsOf('helpful', 900), pairsOf('honest', 90)].map((pairs) => fileOf(pairs, '')),
    );

  test('every pair is in one split, and no prompt in two', async () => {
    const { pairs, manifest } = await mixed(await all(), { splits: { train: 0.8, validation: 0.1, test: 0.1 } });
    const written = Object.values(pairs).flat();
    assert.equal(new Set(written.map(({ origin, dimension }) => origin + dimension)).size, 1590);
    const splits = Object.values(pairs).map((split) => new Set(split.map(promptOf)));
    assert.equal(
      splits.reduce((sum, { size }) => sum + size, 0),
      new Set(written.map(promptOf)).size,
    );
    for (const [index, share] of [0.8, 0.1, 0.1].entries()) {
      // Four standard deviations of a share of 530 prompts.
      assert.ok(Math.abs(splits[index]!.size / 530 - share) < 4 * Math.sqrt((share * (1 - share)) / 530));
    }
    assert.equal(manifest.files[0]!.pairs, pairs['train.jsonl']!.length);
  });

  test('the same files and seed give the same bytes, another seed others', async () => {
    const inputs = await all();
    const options = { shares: { harmless: 0.5, helpful: 0.5 }, seed: 7, pairs: 200 };
    const [first, again, other] = [
      await mixed(inputs, options),
      await mixed(inputs, options),
      await mixed(inputs, { ...options, seed: 8 }),
    ];
    for (const name of await readdir(first.output)) {
      assert.deepEqual(await readFile(join(again.output, name)), await readFile(join(first.output, name)));
    }
    assert.notDeepEqual(other.pairs, first.pairs);
    assert.deepEqual((await readdir(first.output)).toSorted(), ['manifest.json', 'train.jsonl', 'validation.jsonl']);
  });

  test('dimensions are in proportion to the pair, as many as there are', async () => {
    const inputs = await all();
    const total = (manifest: Awaited<ReturnType<typeof mixed>>['manifest']) =>
      DIMENSIONS.map((dimension) => manifest.files.reduce((sum, { dimensions }) => sum + dimensions[dimension], 0));
    assert.deepEqual(
      total((await mixed(inputs, { shares: { harmless: 0.4, helpful: 0.4, honest: 0.2 } })).manifest),
      [180, 180, 90],
    );
    assert.deepEqual(
      total((await mixed(inputs, { shares: { harmless: 0.7, honest: 0.3 }, pairs: 101 })).manifest),
      [71, 0, 30],
    );
    assert.equal(
      total((await mixed(inputs, { pairs: 50 })).manifest).reduce((sum, count) => sum + count),
      50,
    );
    await assert.rejects(
      mixed(inputs, { shares: { honest: 1 }, pairs: 91 }),
      /There are 90 pairs of honest, and 91 are wanted/,
    );
    await assert.rejects(mixed(inputs, { pairs: 1591 }), /There are 1590 pairs of all dimensions/);
  });

  test('a prompt stays in its split when others are added', async () => {
    const [harmless, helpful] = (await all()) as [string, string, string];
    const few = await mixed([harmless]);
    const more = await mixed([helpful, harmless]);
    const names = (pairs: readonly PreferencePair[]) =>
      pairs.filter(({ dimension }) => dimension === 'harmless').map(({ origin }) => origin);
    assert.deepEqual(names(more.pairs['train.jsonl']!), names(few.pairs['train.jsonl']!));
  });

  test('the manifest has the hashes of what was read and written', async () => {
    const input = await fileOf([{ ...pair('A?', 'honest', 1), score: 2 }, pair('B?', 'honest', 2)]);
    const { output, manifest } = await mixed([input], { splits: { train: 1 }, seed: 3 });
    const sha256 = async (path: string) =>
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex');
    assert.equal(manifest.inputs[0]!.sha256, await sha256(input));
    assert.equal(manifest.files[0]!.sha256, await sha256(join(output, 'train.jsonl')));
    assert.deepEqual(manifest.files[0]!.dataSets, [{ source: 'honest data', licence: 'MIT', pairs: 2 }]);
    assert.deepEqual(JSON.parse(await readFile(join(output, 'manifest.json'), 'utf8')), manifest);
    assert.match(await readFile(join(output, 'train.jsonl'), 'utf8'), /"score":2/);
  });

  test('a line that is no pair, a folder that holds something, and shares that are none', async () => {
    const bad = await fileOf([pair('A?', 'honest', 1), '{"prompt": 1}']);
    await assert.rejects(mixed([bad]), /line 2: "prompt" is of another kind: bring the file into the schema/);
    const packed = await fileOf(['']);
    await writeFile(packed, gzipSync('{}'));
    await assert.rejects(mixed([packed]), /is packed by gzip/);
    await assert.rejects(mixed([join(folder, 'nowhere')]), /there is no such file/);
    const good = await fileOf([pair('A?', 'honest', 1)]);
    const full = join(folder, 'full');
    await mkdir(full);
    await mixPairs({ inputs: [good], output: full });
    const before = await readdir(full);
    await assert.rejects(mixPairs({ inputs: [good], output: full }), /holds something already/);
    await assert.rejects(mixPairs({ inputs: [good], output: good }), /is no folder/);
    assert.deepEqual(await readdir(full), before);
    await assert.rejects(mixed([good], { shares: { honest: 0.5 } }), /shares must be 1 together, not 0.5/);
    await assert.rejects(mixed([good], { shares: { onest: 1 } }), /did you mean honest\?/);
    await assert.rejects(mixed([good], { splits: { '../train': 1 } }), /splits has no place for the name/);
    assert.deepEqual(
      (await readdir(folder)).filter((name) => /partial|lock/.test(name)),
      [],
    );
  });

  test('an interruption leaves nothing', async () => {
    const output = join(folder, 'interrupted');
    const inputs = await all();
    await assert.rejects(mixPairs({ inputs, output, signal: AbortSignal.abort() }), { name: 'AbortError' });
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.startsWith('interrupted')),
      [],
    );
  });

  test('shares as a person writes them', () => {
    assert.deepEqual(parseShares('splits', 'train=0.9, test=0.1'), { train: 0.9, test: 0.1 });
    for (const text of ['', 'train', 'train=0.5,train=0.5', 'a/b=1', '../x=1', 'train=-1']) {
      assert.throws(() => parseShares('splits', text), { name: 'ConfigError' }, text);
    }
    assert.deepEqual(apportion({ a: 1 / 3, b: 1 / 3, c: 1 / 3 }, 10), { a: 4, b: 3, c: 3 });
  });
});
