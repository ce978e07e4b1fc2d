import assert from 'node:assert/strict';
import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';

import { catalogue } from '../../src/models/catalogue.ts';
import { bigramModel } from '../fixtures/tiny-gguf/bigram-model.ts';
import { BYTE_BPE_TOKENIZER, BYTE_BPE_TOKENS } from '../fixtures/tiny-gguf/byte-bpe.ts';
import { type GgufContent, text } from '../fixtures/tiny-gguf/gguf-content.ts';
import { writeGguf } from '../fixtures/tiny-gguf/write-gguf.ts';
import { assertRefused, filesBelow, makePlace, type Place } from './support.ts';

interface Case {
  readonly name: string;
  readonly option: '--base' | '--draft';
  readonly file: string;
  readonly says: RegExp;
  /** Writes the file, if there is one. */
  readonly make?: (path: string, place: Place) => Promise<void>;
}

const CASES: readonly Case[] = [
  { name: 'is missing', option: '--base', file: 'none.gguf', says: /none\.gguf doesn't exist/ },
  {
    name: 'is cut within the header',
    option: '--base',
    file: 'cut.gguf',
    says: /cut\.gguf can't be used: .* download it again/,
    make: async (path, { models }) => writeFile(path, (await readFile(models.sentencepiece)).subarray(0, 5000)),
  },
  {
    name: 'is cut within the weights',
    option: '--draft',
    file: 'cut.gguf',
    says: /cut\.gguf can't be used: .* download it again/,
    make: async (path, { models }) => writeFile(path, (await readFile(models['byte-bpe'])).subarray(0, -1)),
  },
  {
    name: 'is empty',
    option: '--base',
    file: 'empty.gguf',
    says: /empty\.gguf can't be used/,
    make: (path) => writeFile(path, ''),
  },
  {
    name: 'is no GGUF',
    option: '--draft',
    file: 'page.gguf',
    says: /page\.gguf can't be used/,
    make: (path) => writeFile(path, '<!doctype html><title>Not found</title>'.repeat(50)),
  },
  {
    name: 'has an architecture that nobody knows',
    option: '--base',
    file: 'alien.gguf',
    says: /alien.*(architecture|alien)/,
    make: (path) => writeGguf(path, renamed(plainModel(), 'alien')),
  },
  {
    name: 'has no chat template',
    option: '--draft',
    file: 'plain.gguf',
    says: /plain has no chat template .* --draft-template FILE/,
    make: (path) => writeGguf(path, plainModel()),
  },
  {
    name: 'has a chat template that does not parse',
    option: '--draft',
    file: 'unclosed.gguf',
    says: /chat template of unclosed can't be used \(.*\): give another one with --draft-template FILE/,
    make: (path) => writeGguf(path, plainModel({ 'tokenizer.chat_template': text(BROKEN_TEMPLATE) })),
  },
];

const BROKEN_TEMPLATE = '{% for message in messages %}{{ message.content }}';

function plainModel(more: GgufContent['metadata'] = {}): GgufContent {
  const entries = Object.entries(BYTE_BPE_TOKENIZER).filter(([key]) => key !== 'tokenizer.chat_template');
  const tokenizer = { ...Object.fromEntries(entries), ...more };
  return bigramModel({ name: 'plain', vocabularySize: BYTE_BPE_TOKENS.length, logits: () => 0, tokenizer });
}

function renamed({ metadata, tensors }: GgufContent, architecture: string): GgufContent {
  const keys = Object.keys(metadata);
  const own = keys.map((key) => [key.replace(/^llama\./, `${architecture}.`), metadata[key]!] as const);
  return { metadata: { ...Object.fromEntries(own), 'general.architecture': text(architecture) }, tensors };
}

suite('a model file', { concurrency: 2 }, () => {
  let place: Place;
  before(async () => void (place = await makePlace()));
  after(() => place.remove());

  for (const { name, option, file, says, make } of CASES) {
    test(`that ${name}`, async () => {
      const path = join(await place.newFolder(), file);
      await make?.(path, place);
      const cwd = await place.newFolder();
      assertRefused(await place.run(['run', option, path, '--trace', 'trace.json', 'hi'], { cwd }), { code: 1, says });
      assert.deepEqual(await filesBelow(cwd), []);
    });
  }

  test('that stands in the place of one of the catalogue is hashed before it is loaded', async () => {
    const WELLBEGUN_CACHE = await place.newFolder();
    const { name, file, sizeBytes } = catalogue.models.at(-1)!;
    await mkdir(join(WELLBEGUN_CACHE, 'models'));
    const path = join(WELLBEGUN_CACHE, 'models', file);
    await writeFile(path, '');
    await truncate(path, sizeBytes);
    const says = new RegExp(`${file} is not the ${name} of the catalogue .*: delete it`);
    for (const args of [
      ['run', '--draft', name, 'hi'],
      ['pull', name],
    ]) {
      assertRefused(await place.run(args, { env: { WELLBEGUN_CACHE } }), { code: 1, says });
    }
  });

  test('shows a stack only with --debug', async () => {
    const { stderr, code } = await place.run(['--debug', 'run', '--base', 'none.gguf', 'hi']);
    assert.match(stderr, /wellbegun: .*none\.gguf doesn't exist.*\n[^]*\n {4}at /);
    assert.equal(code, 1);
  });

  test("without a chat template works with --draft-template, whose faults are the user's", async () => {
    const folder = await place.newFolder();
    const template = join(folder, 'chat.jinja');
    await writeFile(template, '{% for message in messages %}{{ message.content }}{% endfor %}');
    const draft = join(folder, 'plain.gguf');
    await writeGguf(draft, plainModel());
    const args = ['run', '--draft', draft, '--draft-template', template, '--max-draft', '8', '--max-tokens', '8', 'hi'];
    assert.equal((await place.run(args)).code, 0);
    await writeFile(template, BROKEN_TEMPLATE);
    const says = /chat template \S+chat\.jinja for plain can't be used \(it ends before .* --draft-template FILE\.$/;
    assertRefused(await place.run(args), { code: 2, says });
    await writeFile(template, '');
    const nothing =
      /chat\.jinja for plain can't be used \(it renders a question to nothing\): .* --draft-template FILE\.$/;
    assertRefused(await place.run(args), { code: 2, says: nothing });
    const base = ['run', '--template', template, 'hi'];
    assertRefused(await place.run(base), { code: 2, says: /chat\.jinja for \S+ can't be used .* --template FILE\.$/ });
  });
});
