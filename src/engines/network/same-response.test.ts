// Weak-to-strong decoding through every engine gives what it gives inside the process.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fakeLlamaServer } from '../../../test/fixtures/fake-servers/fake-llama-server.ts';
import { fakeOpenai } from '../../../test/fixtures/fake-servers/fake-openai.ts';
import { type FakeDialect, openFakeServer } from '../../../test/fixtures/fake-servers/fake-server.ts';
import { fakeSglang } from '../../../test/fixtures/fake-servers/fake-sglang.ts';
import { fakeVllm } from '../../../test/fixtures/fake-servers/fake-vllm.ts';
import { fakeVllmScaleOut } from '../../../test/fixtures/fake-servers/fake-vllm-scale-out.ts';
import { FILE_TOKENIZER, tokenizerFolder } from '../../../test/fixtures/tokenizer-file.ts';
import { wholeCharacters } from '../../../test/fixtures/whole-characters.ts';
import { windowedConfidence } from '../../core/criteria/windowed-confidence.ts';
import type { DecodeTrace } from '../../core/decode-trace.ts';
import type { DecodeRequest } from '../../core/decoding-strategy.ts';
import type { LanguageModel } from '../../core/language-model.ts';
import { weakToStrong } from '../../core/weak-to-strong.ts';
import { openLlamaServerModel } from '../llama-server/open-llama-server-model.ts';
import { openOpenaiModel } from '../openai/open-openai-model.ts';
import { collectEvents } from '../scripted/collect-events.ts';
import { pseudoRandom } from '../scripted/next-token.ts';
import { scriptedModel } from '../scripted/scripted-model.ts';
import { scriptedWriter } from '../scripted/scripted-writer.ts';
import { openSglangModel } from '../sglang/open-sglang-model.ts';
import { openVllmModel } from '../vllm/open-vllm-model.ts';
import type { NetworkModelOptions } from './network-model-options.ts';

const PIECES = Array.from({ length: 30 }, () => [
  'The',
  ' cat',
  ' sat',
  ' on',
  ' the',
  ' mat',
  '. 🎉',
  ' 你好',
  '\n\n',
]).flat();
const BASE = {
  tokenizer: FILE_TOKENIZER,
  bosText: '<s>',
  next: wholeCharacters(pseudoRandom(5, { endProbability: 0.02 })),
  contextLength: 1024,
};
const BASE_FORMAT = {
  format: () => ({
    text: [
      { text: '<s>', control: true },
      { text: '\n\n[User]\nHi <s>\n\n[Assistant]\n', control: false },
    ],
    stop: ['[User]'],
  }),
};

async function respond(
  base: LanguageModel,
  threshold: number,
  more: Partial<DecodeRequest> = {},
): Promise<DecodeTrace> {
  const draft = scriptedWriter({ pieces: PIECES });
  const criterion = windowedConfidence({ window: 3, threshold });
  const strategy = weakToStrong({ base, baseFormat: BASE_FORMAT, draft, criterion, maxDraftTokens: 120 });
  const request = { messages: [{ role: 'user' as const, content: 'Hi' }], maxTokens: 24, ...more };
  return (await collectEvents(strategy.decode(request))).trace;
}

/** What does not depend on how fast, or in which chunks, things came. */
function essence({ text, tokens, finishReason, switch: at }: DecodeTrace, digits: number) {
  const shown = tokens.map(({ id, text: piece, source, logprob, window }) => ({
    piece,
    source,
    logprob: logprob?.toFixed(digits),
    window: window?.toFixed(digits),
    id,
  }));
  const base = shown
    .filter(({ source }) => source === 'base')
    .map(({ piece }) => piece)
    .join('');
  return {
    text,
    finishReason,
    index: at?.index,
    reason: at?.reason,
    kept: shown.filter(({ source }) => source === 'draft'),
    base,
  };
}

suite('the response is the same through every engine', () => {
  const folder = tokenizerFolder();

  type Engine = readonly [
    string,
    FakeDialect,
    (options: NetworkModelOptions) => Promise<LanguageModel>,
    'file' | 'server',
    /** Of logprobs that come as 32-bit floats. */
    number?,
  ];
  const engines: readonly Engine[] = [
    ['vllm', fakeVllm, openVllmModel, 'server'],
    ['vllm', fakeVllm, openVllmModel, 'file'],
    ['vllm', fakeVllmScaleOut({ scoresFromOffset: false }), openVllmModel, 'server'],
    ['vllm', fakeVllmScaleOut({ scoresFromOffset: true }), openVllmModel, 'file', 4],
    ['llama-server', fakeLlamaServer(), openLlamaServerModel, 'server'],
    ['openai', fakeOpenai(), openOpenaiModel, 'file'],
    ['sglang', fakeSglang(), openSglangModel, 'file'],
  ];

  for (const [name, dialect, open, tokenizer, digits = 9] of engines) {
    test(`${name}, tokenizer: ${tokenizer}`, async (context) => {
      const server = await openFakeServer(scriptedModel(BASE), dialect);
      context.after(() => server.close());
      const address = { url: server.url, model: undefined };
      const base = await open({ address, ...(tokenizer === 'file' && { tokenizer: folder() }) });
      context.after(() => base.close());
      const indexes = new Set<number | undefined>();
      // From a switch at once to none at all.
      for (const threshold of [1e-9, 0.004, 0.01, 1]) {
        for (const stop of [[], [' sat on']]) {
          const expected = await respond(scriptedModel(BASE), threshold, { stop });
          const actual = await respond(base, threshold, { stop });
          assert.deepEqual(essence(actual, digits), essence(expected, digits));
          indexes.add(actual.switch?.index);
        }
      }
      // What was left in the middle cost the server a connection; a whole answer must not.
      const { left } = server;
      await respond(base, 1e-9);
      await delay(20);
      assert.equal(server.left, left);
      assert.ok(indexes.size >= 4, `only the switches ${[...indexes].join(', ')} were tried`);
    });
  }
});
