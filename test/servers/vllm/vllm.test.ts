// A real vLLM on the CPU: the conformance suite, its two endpoints side by side, and the default pair against the embedded one.
// Small, for it is slow.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import type { ServerProcess } from '../../../scripts/start-server.ts';
import { assertCloseScores, assertSameGreedy } from '../../../src/engines/conformance/assert-close.ts';
import { describeLanguageModel } from '../../../src/engines/conformance/describe-language-model.ts';
import { type Generated, readGenerated } from '../../../src/engines/conformance/read-generated.ts';
import type { TokenId } from '../../../src/core/language-model.ts';
import { HttpClient } from '../../../src/engines/http/http-client.ts';
import { findScaleOut } from '../../../src/engines/vllm/find-scale-out.ts';
import { openOpenaiModel } from '../../../src/engines/openai/open-openai-model.ts';
import { openVllmModel } from '../../../src/engines/vllm/open-vllm-model.ts';
import { vllmNextTokens } from '../../../src/engines/vllm/vllm-next-tokens.ts';
import { scoreFromOffset } from '../../../src/engines/vllm/score-from-offset.ts';
import { catalogue } from '../../../src/models/catalogue.ts';
import { describeServedPair } from '../describe-served-pair.ts';
import { describeTextEnds } from '../describe-text-ends.ts';
import { environment, startVllm } from './vllm-process.ts';
import { withoutTokenEndpoint } from './without-token-endpoint.ts';

const { base } = catalogue.defaultPair;

async function start(...more: string[]): Promise<ServerProcess> {
  await environment.install();
  return await startVllm(await environment.modelFolder(base), base, ['--dtype', 'bfloat16', ...more]);
}

/** Any that the vocabulary has. */
const SOME_TOKEN = 100 as TokenId;
const RAIN = [
  { text: '<bos>', control: true },
  { text: 'Rain', control: false },
];

const FIXTURES = {
  prompt: RAIN,
  continuation: ' fell softly, and an old dog slept.',
  // In bfloat16, a batch of another shape gives other digits.
  toleranceNats: 0.3,
};

const { toleranceNats } = FIXTURES;

const address = ({ url }: { readonly url: string }) => ({ address: { url, model: undefined } });

/** What two texts have in common at their beginning, with logprobs: where they part, others follow. */
function beginnings(some: Generated, others: Generated) {
  const parting = some.tokens.findIndex(({ token }, i) => token !== others.tokens[i]?.token);
  const common = parting < 0 ? some.tokens.length : parting;
  return [some, others].map(({ tokens }) =>
    tokens.slice(0, common).map(({ token, logprob = Number.NaN }) => ({ token, logprob })),
  );
}

function onlyToken(token: TokenId | undefined): Generated {
  assert.ok(token !== undefined);
  return { tokens: [{ token, bytes: new Uint8Array() }], end: 'length' };
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

describeLanguageModel(
  'vLLM with its token endpoint',
  async () => {
    const model = await openVllmModel(address(server));
    return { model, close: () => model.close() };
  },
  FIXTURES,
);

describeLanguageModel(
  'the completions of vLLM, asked as any OpenAI-compatible ones,',
  async () => {
    const tokenizer = await environment.modelFolder(base);
    const model = await openOpenaiModel({ ...address(server), tokenizer });
    return { model, close: () => model.close() };
  },
  { ...FIXTURES, lacks: { topK: 'legacy completions have no top_k' } },
);

describeTextEnds({
  engine: 'vllm',
  server: () => server,
  open: () => openVllmModel({ address: { url: server.url, model: undefined } }),
  source: (client, model) => vllmNextTokens(client, model.id),
});

suite('the endpoints of vLLM', () => {
  test('the token endpoint is found; the first model runner, a CPU has no other, does not score from an offset', async () => {
    for (const [{ url }, found] of [
      [server, { scoresFromOffset: false }],
      [plain, undefined],
    ] as const) {
      const client = new HttpClient({ engine: 'vllm', url });
      assert.deepEqual(await findScaleOut(client, base, SOME_TOKEN, undefined), found);
      await client.close();
    }
  });

  test('both write the same, with the same logprobs', async () => {
    const [own, other] = [await openVllmModel(address(server)), await openVllmModel(address(plain))];
    const prefix = await own.encode(RAIN);
    const sampling = { temperature: 0, maxTokens: 12, logprobs: true };
    const [written, expected] = [
      await readGenerated(own, prefix, sampling),
      await readGenerated(other, prefix, sampling),
    ];
    await assertSameGreedy({ model: other, prefix, continuation: [], toleranceNats }, written, expected);
    const [some, others] = beginnings(written, expected);
    assertCloseScores(some!, others!, toleranceNats);
    await Promise.all([own.close(), other.close()]);
  });

  test('the token endpoint tells the logprob of one token, and ranks and first choices, as completions do', async () => {
    const model = await openVllmModel(address(plain));
    const client = new HttpClient({ engine: 'vllm', url: server.url });
    const prefix = await model.encode(RAIN);
    const continuation = await model.encode([{ text: ' fell softly', control: false }]);
    const expected = await model.score(prefix, continuation, { statistics: true });
    const [asked] = await scoreFromOffset(client, base, prefix, continuation.slice(0, 1), {});
    assert.ok(Math.abs(asked!.logprob - expected[0]!.logprob) < toleranceNats);
    const own = await scoreFromOffset(client, base, prefix, continuation, { statistics: true });
    assert.deepEqual(
      own.map(({ token }) => token),
      continuation,
    );
    for (const [i, { firstChoice }] of own.entries()) {
      const before = [...prefix, ...continuation.slice(0, i)];
      const chosen = [onlyToken(firstChoice), onlyToken(expected[i]!.firstChoice)] as const;
      await assertSameGreedy({ model, prefix: before, continuation, toleranceNats }, ...chosen);
    }
    await Promise.all([client.close(), model.close()]);
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
