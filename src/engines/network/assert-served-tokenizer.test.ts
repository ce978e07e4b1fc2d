import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { fakeLlamaServer } from '../../../test/fixtures/fake-servers/fake-llama-server.ts';
import { fakeOpenai } from '../../../test/fixtures/fake-servers/fake-openai.ts';
import { type FakeDialect, HttpRefusal, openFakeServer } from '../../../test/fixtures/fake-servers/fake-server.ts';
import { fakeSglang } from '../../../test/fixtures/fake-servers/fake-sglang.ts';
import { fakeVllm } from '../../../test/fixtures/fake-servers/fake-vllm.ts';
import { FILE_TOKENIZER, tokenizerFolder } from '../../../test/fixtures/tokenizer-file.ts';
import { wholeCharacters } from '../../../test/fixtures/whole-characters.ts';
import type { TokenId } from '../../core/language-model.ts';
import { openLlamaServerModel } from '../llama-server/open-llama-server-model.ts';
import { openOpenaiModel } from '../openai/open-openai-model.ts';
import { pseudoRandom } from '../scripted/next-token.ts';
import { scriptedModel } from '../scripted/scripted-model.ts';
import { openSglangModel } from '../sglang/open-sglang-model.ts';
import { openVllmModel } from '../vllm/open-vllm-model.ts';
import { assertServedTexts, assertServedTokenizer, SCRIPTS_PROBE } from './assert-served-tokenizer.ts';
import { openLocalTokenizer } from './local-tokenizer.ts';
import type { NetworkModelOptions } from './network-model-options.ts';

type Open = (options: NetworkModelOptions) => Promise<{ close(): Promise<void> }>;

const ENGINES: readonly (readonly [string, FakeDialect, Open])[] = [
  ['vllm', fakeVllm, openVllmModel],
  ['llama-server', fakeLlamaServer(), openLlamaServerModel],
  ['sglang', fakeSglang(), openSglangModel],
  ['openai', fakeOpenai(), openOpenaiModel],
];
const SERVER = { engine: 'fake', url: 'http://host' };
const CONTROL_TEXTS = ['<s>', '</s>'];

suite('a tokenizer.json that is given for a server', () => {
  const folder = tokenizerFolder(CONTROL_TEXTS);

  async function open(context: TestContext, dialect: FakeDialect, openModel: Open, tokenizer: string) {
    const next = wholeCharacters(pseudoRandom(3, { endProbability: 0 }));
    const server = await openFakeServer(scriptedModel({ tokenizer: FILE_TOKENIZER, bosText: '<s>', next }), dialect);
    context.after(() => server.close());
    const model = await openModel({ address: { url: server.url, model: undefined }, tokenizer });
    context.after(() => model.close());
  }

  for (const [name, dialect, openModel] of ENGINES) {
    test(`${name}: is taken where it is the server's, and refused where its ids are other tokens'`, async (context) => {
      await open(context, dialect, openModel, folder());
      const other = await withOtherIds(context, join(folder(), 'tokenizer.json'));
      await assert.rejects(open(context, dialect, openModel, other), {
        name: 'ConfigError',
        code: 'other-tokenizer',
        message: new RegExp(`^The tokenizer ${other} is not that of ${name} at http.*: give .* with tokenizer\\.$`),
      });
    });
  }

  test('is taken as it is where the server has no tokenizer to ask', async (context) => {
    for (const [, dialect, openModel] of ENGINES.slice(0, 3)) {
      for (const status of [404, 500]) {
        const silent: FakeDialect = async (model, call) => {
          if (call.path === '/tokenize') throw new HttpRefusal(status, 'no tokenizer');
          return await dialect(model, call);
        };
        const other = await withOtherIds(context, join(folder(), 'tokenizer.json'));
        await open(context, silent, openModel, other);
      }
    }
  });

  test('may cut a text in other places', async () => {
    const tokenizer = await openLocalTokenizer(folder());
    const given = { path: folder(), tokenizer };
    const bytes = [...Buffer.from(` ${SCRIPTS_PROBE}`)].map((byte) => byteToken(byte));
    await assertServedTokenizer(given, SERVER, Promise.resolve(bytes));
    await assert.rejects(assertServedTokenizer(given, SERVER, Promise.resolve(bytes.slice(2))), /is not that of fake/);
  });

  test('is compared with texts however the server writes them', async () => {
    const tokenizer = await openLocalTokenizer(folder());
    const given = { path: folder(), tokenizer };
    const ids = await tokenizer.encode([{ text: SCRIPTS_PROBE, control: false }]);
    const shown = (await tokenizer.decode(ids)).map((bytes) => Buffer.from(bytes).toString());
    for (const write of [
      (text: string) => text,
      (text: string) => text.trimStart(),
      (text: string) => text.replaceAll(' ', '▁'),
      (text: string) => text.replaceAll(' ', 'Ġ'),
      () => '',
      () => 'token_id:7',
      () => 'bytes:\\xe2',
    ]) {
      await assertServedTexts(given, SERVER, ids, shown.map(write));
    }
    const others = shown.map((text) => (text.trim().length > 1 ? 'other' : text));
    await assert.rejects(assertServedTexts(given, SERVER, ids, others), /is not that of fake at http:\/\/host/);
  });
});

function byteToken(byte: number): TokenId {
  return FILE_TOKENIZER.pieces.findIndex((piece) => piece.length === 1 && piece[0] === byte) as TokenId;
}

/** The same vocabulary, but the tokens of several bytes have each other's ids. */
async function withOtherIds(context: TestContext, file: string): Promise<string> {
  const source = JSON.parse(await readFile(file, 'utf8')) as { model: { vocab: Record<string, number> } };
  const { vocab } = source.model;
  const merged = Object.keys(vocab).filter((text) => text.length > 1);
  const ids = merged.map((text) => vocab[text]!);
  for (const [i, text] of merged.entries()) vocab[text] = ids[(i + 1) % ids.length]!;
  const folder = await mkdtemp(join(tmpdir(), 'wellbegun-tokenizer-'));
  context.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(source));
  return folder;
}
