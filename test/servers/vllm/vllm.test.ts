// A real vLLM on the CPU: the conformance suite by both of its endpoints, and the default pair against the embedded one.
// Small, for it is slow.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { type ServerProcess, startServer } from '../../../scripts/start-server.ts';
import { describeLanguageModel } from '../../../src/engines/conformance/describe-language-model.ts';
import type { TokenId } from '../../../src/core/language-model.ts';
import { HttpClient } from '../../../src/engines/http/http-client.ts';
import { findScaleOut } from '../../../src/engines/vllm/find-scale-out.ts';
import { openVllmModel } from '../../../src/engines/vllm/open-vllm-model.ts';
import { scoreFromOffset } from '../../../src/engines/vllm/score-from-offset.ts';
import { cacheDirectory } from '../../../src/models/cache-directory.ts';
import { catalogue } from '../../../src/models/catalogue.ts';
import { pullModel } from '../../../src/models/pull-model.ts';
import { describeServedPair } from '../describe-served-pair.ts';
import { withoutTokenEndpoint } from './without-token-endpoint.ts';

const run = promisify(execFile);

const { base } = catalogue.defaultPair;
/** Any that the vocabulary has. */
const SOME_TOKEN = 100 as TokenId;
const CACHE = join(cacheDirectory(), 'test');
const ENVIRONMENT = join(CACHE, 'vllm');
const PYTHON = join(ENVIRONMENT, 'bin/python');

/** vLLM, installed from uv.lock beside this file, 6 GB; and the base as vLLM wants it. Both are kept in the cache. */
async function install(): Promise<string> {
  const env = { ...process.env, UV_PROJECT_ENVIRONMENT: ENVIRONMENT };
  await run('uv', ['sync', '--frozen', '--quiet'], { cwd: import.meta.dirname, env });
  const folder = join(CACHE, `${base}-safetensors`);
  if (existsSync(folder)) return folder;
  const unfinished = `${folder}.part`;
  rmSync(unfinished, { recursive: true, force: true });
  const script = join(import.meta.dirname, 'make-model-folder.py');
  await run(PYTHON, [script, await pullModel(base), unfinished], { maxBuffer: 2 ** 26 });
  renameSync(unfinished, folder);
  return folder;
}

async function start(...more: string[]): Promise<ServerProcess> {
  const folder = await install();
  const options = ['--dtype', 'bfloat16', '--enforce-eager', '--max-model-len', '1024', ...more];
  return await startServer({
    program: PYTHON,
    args: (port) => [
      // Not its command, which asks for the metadata of a package of the name vllm.
      ...['-m', 'vllm.entrypoints.openai.api_server', '--model', folder, '--served-model-name', base],
      ...['--host', '127.0.0.1', '--port', String(port), ...options],
    ],
    env: { VLLM_CPU_KVCACHE_SPACE: '2', VLLM_NO_USAGE_STATS: '1', HF_HUB_OFFLINE: '1' },
    patienceMs: 300_000,
  });
}

let server: ServerProcess;
let plain: Awaited<ReturnType<typeof withoutTokenEndpoint>>;
before(async () => {
  server = await start('--enable-scale-out');
  plain = await withoutTokenEndpoint(server.url);
});
after(async () => {
  await plain.close();
  await server.close();
});

for (const [name, address] of [
  ['vLLM', () => plain.url],
  ['vLLM with its token endpoint', () => server.url],
] as const) {
  describeLanguageModel(
    name,
    async () => {
      const model = await openVllmModel({ address: { url: address(), model: undefined } });
      return { model, close: () => model.close() };
    },
    {
      prompt: [
        { text: '<bos>', control: true },
        { text: 'Rain', control: false },
      ],
      continuation: ' fell softly, and an old dog slept.',
      // In bfloat16, a batch of another shape gives other digits.
      toleranceNats: 0.3,
    },
  );
}

suite('the token endpoint of vLLM', () => {
  test('it is found, and its first model runner, the only one on a CPU, does not score from an offset', async () => {
    const client = new HttpClient({ engine: 'vllm', url: server.url });
    assert.deepEqual(await findScaleOut(client, base, SOME_TOKEN, undefined), { scoresFromOffset: false });
    await client.close();
  });

  test('it tells the logprob of the one token that is asked for', async () => {
    const model = await openVllmModel({ address: { url: server.url, model: undefined } });
    const client = new HttpClient({ engine: 'vllm', url: server.url });
    const prefix = await model.encode([
      { text: '<bos>', control: true },
      { text: 'Rain fell', control: false },
    ]);
    const continuation = await model.encode([{ text: ' softly', control: false }]);
    assert.equal(continuation.length, 1);
    const [asked] = await scoreFromOffset(client, base, prefix, continuation, {});
    const [scored] = await model.score(prefix, continuation);
    assert.ok(Math.abs(asked!.logprob - scored!.logprob) < 0.3);
    await client.close();
    await model.close();
  });

  test('it gives ranks and first choices as completions do', async () => {
    const model = await openVllmModel({ address: { url: server.url, model: undefined } });
    const client = new HttpClient({ engine: 'vllm', url: server.url });
    const prefix = await model.encode([{ text: '<bos>', control: true }]);
    const continuation = await model.encode([{ text: 'Rain fell softly', control: false }]);
    const own = await scoreFromOffset(client, base, prefix, continuation, { statistics: true });
    const other = await model.score(prefix, continuation, { statistics: true });
    assert.deepEqual(
      own.map(({ token, firstChoice }) => [token, firstChoice]),
      other.map(({ token, firstChoice }) => [token, firstChoice]),
    );
    await client.close();
    await model.close();
  });
});

describeServedPair({
  engine: 'vllm',
  server: () => server,
  startAnother: () => start(),
  prompts: 3,
  maxTokens: 8,
  // The base is dequantised, and computed in bfloat16; the embedded one computes in 4 to 8 bits.
  tolerance: { logprobNats: 1.5, window: 0.1 },
});
