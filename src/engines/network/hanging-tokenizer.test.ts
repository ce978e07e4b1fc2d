import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { fakeLlamaServer } from '../../../test/fixtures/fake-servers/fake-llama-server.ts';
import { type FakeDialect, openFakeServer } from '../../../test/fixtures/fake-servers/fake-server.ts';
import { fakeVllm } from '../../../test/fixtures/fake-servers/fake-vllm.ts';
import type { CallOptions, TokenId } from '../../core/language-model.ts';
import { openLlamaServerModel } from '../llama-server/open-llama-server-model.ts';
import { pseudoRandom } from '../scripted/next-token.ts';
import { scriptedModel } from '../scripted/scripted-model.ts';
import { openVllmModel } from '../vllm/open-vllm-model.ts';

const ENGINES = [
  ['vllm', fakeVllm, openVllmModel],
  ['llama-server', fakeLlamaServer(), openLlamaServerModel],
] as const;
/** A call that did not hear the abort would wait for the server's silence. */
const TIMEOUT = { timeout: 10_000 };
const TOKENIZER_PATHS = ['/tokenize', '/detokenize'];

/** A server whose tokenizer answers until it is told to hang. */
async function serve(context: TestContext, dialect: FakeDialect) {
  const state = { hangs: false };
  const { promise: asked, resolve } = Promise.withResolvers<undefined>();
  const hanging: FakeDialect = async (model, call) => {
    if (!state.hangs || !TOKENIZER_PATHS.includes(call.path)) return await dialect(model, call);
    resolve(undefined);
    return await new Promise(() => undefined);
  };
  const next = pseudoRandom(3, { endProbability: 0 });
  const server = await openFakeServer(scriptedModel({ bosText: '<s>', next }), hanging);
  context.after(() => server.close());
  /** The name of the error with which `work` ends when it is aborted while the server hangs. */
  const aborted = async (work: (call: Required<CallOptions>) => Promise<unknown>) => {
    state.hangs = true;
    const controller = new AbortController();
    const working = work({ signal: controller.signal }).catch((error: unknown) => (error as Error).name);
    await Promise.race([asked, working]);
    controller.abort();
    return await working;
  };
  return { address: { url: server.url, model: undefined }, aborted };
}

suite('an abort does not wait for a tokenizer that hangs', () => {
  for (const [name, dialect, open] of ENGINES) {
    test(`of ${name}: encode`, TIMEOUT, async (context) => {
      const { address, aborted } = await serve(context, dialect);
      const model = await open({ address });
      context.after(() => model.close());
      const encoded = await aborted((call) => model.encode([{ text: 'Hi <s>', control: true }], call));
      assert.equal(encoded, 'AbortError');
    });

    test(`of ${name}: decode`, TIMEOUT, async (context) => {
      const { address, aborted } = await serve(context, dialect);
      const model = await open({ address });
      context.after(() => model.close());
      assert.equal(await aborted((call) => model.decode([126 as TokenId], call)), 'AbortError');
    });

    test(`of ${name}: opening`, TIMEOUT, async (context) => {
      const { address, aborted } = await serve(context, dialect);
      assert.equal(await aborted(({ signal }) => open({ address, signal })), 'AbortError');
    });
  }
});
