// A real vLLM on the CPU: the conformance suite, and the default pair against the embedded one. Small, for it is slow.
import { execFile } from 'node:child_process';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { promisify } from 'node:util';
import { describeLanguageModel } from '../../../src/engines/conformance/describe-language-model.ts';
import { openVllmModel } from '../../../src/engines/vllm/open-vllm-model.ts';
import { vllmNextTokens } from '../../../src/engines/vllm/vllm-next-tokens.ts';
import { cacheDirectory } from '../../../src/models/cache-directory.ts';
import { catalogue } from '../../../src/models/catalogue.ts';
import { pullModel } from '../../../src/models/pull-model.ts';
import { describeServedPair } from '../describe-served-pair.ts';
import { describeTextEnds } from '../describe-text-ends.ts';
import { type ServerProcess, startServer } from '../start-server.ts';

const run = promisify(execFile);

const { base } = catalogue.defaultPair;
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

async function start(): Promise<ServerProcess> {
  const folder = await install();
  const options = ['--dtype', 'bfloat16', '--enforce-eager', '--max-model-len', '1024'];
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
before(async () => void (server = await start()));
after(() => server.close());

describeLanguageModel(
  'vLLM',
  async () => {
    const model = await openVllmModel({ address: { url: server.url, model: undefined } });
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

describeTextEnds({
  engine: 'vllm',
  server: () => server,
  open: () => openVllmModel({ address: { url: server.url, model: undefined } }),
  source: (client, model) => vllmNextTokens(client, model.id),
});

describeServedPair({
  engine: 'vllm',
  server: () => server,
  startAnother: start,
  prompts: 3,
  maxTokens: 8,
  // The base is dequantised, and computed in bfloat16; the embedded one computes in 4 to 8 bits.
  tolerance: { logprobNats: 1.5, window: 0.1 },
});
