// A real llama-server: the conformance suite, the default pair against the embedded one, and what is refused.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { startLlamaServer } from '../../../scripts/start-llama-server.ts';
import type { ServerProcess } from '../../../scripts/start-server.ts';
import { describeLanguageModel } from '../../../src/engines/conformance/describe-language-model.ts';
import { llamaServerNextTokens } from '../../../src/engines/llama-server/llama-server-next-tokens.ts';
import { openLlamaServerModel } from '../../../src/engines/llama-server/open-llama-server-model.ts';
import { catalogue } from '../../../src/models/catalogue.ts';
import { pullModel } from '../../../src/models/pull-model.ts';
import { wellbegun } from '../../live/support.ts';
import { describeServedDraft } from '../describe-served-draft.ts';
import { describeServedPair } from '../describe-served-pair.ts';
import { describeTextEnds } from '../describe-text-ends.ts';

async function start(model: string, ...more: string[]): Promise<ServerProcess> {
  // Rearranged weights round otherwise in each batch: up to 0.3 nats, see docs/decisions/0005. What comes later counts.
  const size = ['-t', '1', '-c', '4096', '-np', '1', '--no-repack'];
  return await startLlamaServer(['-m', await pullModel(model), ...size, ...more]);
}

const { base, draft } = catalogue.defaultPair;
let server: ServerProcess;
before(async () => void (server = await start(base)));
after(() => server.close());

const address = ({ url }: ServerProcess) => ({ address: { url, model: undefined } });

describeLanguageModel(
  'llama-server',
  async () => {
    const model = await openLlamaServerModel(address(server));
    return { model, close: () => model.close() };
  },
  {
    prompt: [
      { text: '<bos>', control: true },
      { text: 'Rain', control: false },
    ],
    continuation: ' fell softly, and an old dog 🎉 slept.',
    toleranceNats: 0.05,
  },
);

describeTextEnds({
  engine: 'llama-server',
  server: () => server,
  open: () => openLlamaServerModel(address(server)),
  source: (client) => llamaServerNextTokens(client),
});

describeServedPair({
  engine: 'llama-server',
  server: () => server,
  startAnother: () => start(base),
  prompts: 6,
  maxTokens: 16,
  tolerance: { logprobNats: 0.5, window: 0.05 },
});

describeServedDraft({
  server: 'llama-server',
  start: () => start(draft, '-np', '4'),
  engines: ['chat', 'llama-server'],
  async running(url) {
    const slots = (await (await fetch(`${url}/slots`)).json()) as readonly { readonly is_processing: boolean }[];
    return slots.filter((slot) => slot.is_processing).length;
  },
});

suite('llama-server on the command line', () => {
  test('both models on servers', async () => {
    const other = await start(draft);
    try {
      const models = ['--base', `llama-server:${server.url}`, '--draft', `llama-server:${other.url}`];
      const { code, stdout, stderr } = await wellbegun([
        'run',
        ...models,
        '--json',
        '--max-tokens',
        '8',
        // A whole draft may leave the base nothing to add; the middle of a sentence does not.
        '--max-draft',
        '12',
        'Why is the sky blue?',
      ]);
      assert.equal(code, 0, stderr);
      const result = JSON.parse(stdout) as { usage: { keptDraftTokens: number; baseTokens: number } };
      assert.ok(result.usage.keptDraftTokens > 0 && result.usage.baseTokens > 0);
    } finally {
      await other.close();
    }
  });

  test('a server that speculates is refused', async () => {
    const speculating = await start(base, '--spec-type', 'ngram-simple');
    try {
      await assert.rejects(openLlamaServerModel(address(speculating)), {
        name: 'CapabilityError',
        message: /it speculates/,
      });
    } finally {
      await speculating.close();
    }
  });
});
