import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { FILE_TOKENIZER, writeTokenizerFile } from '../../../test/fixtures/tokenizer-file.ts';
import type { TokenId } from '../../core/language-model.ts';
import { openLocalTokenizer } from './local-tokenizer.ts';
import type { NetworkTokenizer } from './network-tokenizer.ts';

interface TokenizerSource {
  readonly model: { readonly vocab: Record<string, number> };
}

suite("a model's own tokenizer file", () => {
  let folder: string;
  let tokenizer: NetworkTokenizer;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wellbegun-tokenizer-'));
    await writeTokenizerFile(join(folder, 'tokenizer.json'), ['<s>', '</s>']);
    await writeFile(
      join(folder, 'tokenizer_config.json'),
      '{"eos_token": {"content": "</s>"}, "chat_template": "{{ 1 }}"}',
    );
    tokenizer = await openLocalTokenizer(folder);
  });
  after(() => rm(folder, { recursive: true }));

  test('gives the tokens that the model has, and their bytes', async () => {
    for (const text of ['The cat sat on the mat.', '你好 🎉  \n\n naïve\t', "the dog's 1234 mats!", 'x <s> y']) {
      const tokens = await tokenizer.encode([{ text, control: false }]);
      assert.deepEqual(tokens, FILE_TOKENIZER.encode(text));
      assert.equal(Buffer.concat(await tokenizer.decode(tokens)).toString(), text);
    }
  });

  test('knows control tokens where they may be, and the texts beside it', async () => {
    const first = FILE_TOKENIZER.pieces.length;
    assert.deepEqual(await tokenizer.encode([{ text: '<s></s>', control: true }]), [first, first + 1]);
    assert.deepEqual((await tokenizer.decode([first as TokenId]))[0]?.length, 0);
    const { bosText, eosText, chatTemplate, controlTexts, vocabularySize } = tokenizer;
    assert.deepEqual(
      { bosText, eosText, chatTemplate, controlTexts, vocabularySize },
      {
        bosText: '<s>',
        eosText: '</s>',
        chatTemplate: '{{ 1 }}',
        controlTexts: ['<s>', '</s>'],
        vocabularySize: first + 2,
      },
    );
  });

  test('adds the token that begins a text where the file, or else its configuration, says so', async () => {
    const opened = async (name: string, config: string, special: readonly string[]) => {
      const at = join(folder, name);
      await mkdir(at);
      await writeTokenizerFile(join(at, 'tokenizer.json'), special);
      await writeFile(join(at, 'tokenizer_config.json'), config);
      const { bosText, addsBos } = await openLocalTokenizer(at);
      return [bosText, addsBos];
    };
    const named = '"bos_token": "<s>"';
    assert.deepEqual(await opened('file', '{}', ['<s>']), ['<s>', true]);
    assert.deepEqual(await opened('named', `{${named}}`, []), ['<s>', false]);
    assert.deepEqual(await opened('not-added', `{${named}, "add_bos_token": false}`, ['<s>']), ['<s>', false]);
    assert.deepEqual(await opened('added', `{${named}, "add_bos_token": true}`, []), ['<s>', true]);
  });

  test('takes the default of named templates, and the first of several ends', async () => {
    const at = join(folder, 'lists');
    await mkdir(at);
    await writeTokenizerFile(join(at, 'tokenizer.json'), ['<s>', '</s>']);
    const templates = [
      { name: 'tool_use', template: 'T' },
      { name: 'default', template: 'D' },
    ];
    const config = { chat_template: templates, eos_token: ['</s>', { content: '<end>' }] };
    await writeFile(join(at, 'tokenizer_config.json'), JSON.stringify(config));
    const { chatTemplate, eosText } = await openLocalTokenizer(at);
    assert.deepEqual([chatTemplate, eosText], ['D', '</s>']);
  });

  test('a vocabulary may be as long as they come', async () => {
    const long = join(folder, 'long.json');
    const source = JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8')) as TokenizerSource;
    const { vocab } = source.model;
    const count = Object.keys(vocab).length;
    for (let id = count; id < 300_000; id++) vocab[`unused ${id}`] = id;
    await writeFile(long, JSON.stringify({ ...source, added_tokens: [] }));
    assert.equal((await openLocalTokenizer(long)).vocabularySize, 300_000);
  });

  test('says what is wrong with a file', async () => {
    const broken = join(folder, 'broken.json');
    await writeFile(broken, '{"added_tokens": []}');
    await assert.rejects(openLocalTokenizer(join(folder, 'none.json')), {
      name: 'ConfigError',
      message: /There is no/,
    });
    await assert.rejects(openLocalTokenizer(broken), { name: 'ConfigError', message: /broken.json is no file/ });
  });
});
