// A real SGLang on the CPU: the conformance suite, and the default pair against the embedded one. Small, for it is slow.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { ServerProcess } from '../../../scripts/start-server.ts';
import { describeLanguageModel } from '../../../src/engines/conformance/describe-language-model.ts';
import { readGenerated } from '../../../src/engines/conformance/read-generated.ts';
import { HttpClient } from '../../../src/engines/http/http-client.ts';
import { openSglangModel } from '../../../src/engines/sglang/open-sglang-model.ts';
import { sglangNextTokens } from '../../../src/engines/sglang/sglang-next-tokens.ts';
import { catalogue } from '../../../src/models/catalogue.ts';
import { describeServedPair } from '../describe-served-pair.ts';
import { describeTextEnds } from '../describe-text-ends.ts';
import { environment, runningRequests, startSglang } from './sglang-process.ts';

const { base } = catalogue.defaultPair;

const cachedTokens = z.object({ meta_info: z.object({ cached_tokens: z.int() }) });

const RAIN = [
  { text: '<bos>', control: true },
  { text: 'Rain', control: false },
];

let server: ServerProcess;
let tokenizer: string;
before(async () => {
  await environment.install();
  tokenizer = await environment.modelFolder(base);
  server = await startSglang(tokenizer, base, ['--dtype', 'bfloat16']);
});
after(() => server.close());

const open = () => openSglangModel({ address: { url: server.url, model: undefined }, tokenizer });

describeLanguageModel(
  'SGLang',
  async () => {
    const model = await open();
    return { model, close: () => model.close() };
  },
  {
    prompt: RAIN,
    continuation: ' fell softly, and an old dog 🎉 slept.',
    // In bfloat16, a batch of another shape gives other digits.
    toleranceNats: 0.3,
    lacks: { seed: 'SGLang follows a seed only with --enable-deterministic-inference' },
  },
);

describeTextEnds({
  engine: 'sglang',
  server: () => server,
  open,
  source: (client) => sglangNextTokens(client),
});

suite('the server of SGLang', () => {
  test('takes a text of as many tokens as it is said to take', async () => {
    const model = await open();
    const [bos] = await model.encode([{ text: '<bos>', control: true }]);
    const [rain] = await model.encode([{ text: ' rain', control: false }]);
    const text = [bos!, ...Array.from({ length: model.info.contextLength - 3 }, () => rain!)];
    assert.equal((await model.score(text, [rain!, rain!])).length, 2);
    assert.equal((await readGenerated(model, text)).tokens.length, 2);
    await model.close();
  });

  test('scores from its cache what stands after a prefix that it has read', async () => {
    const model = await open();
    const prefix = await model.encode([...RAIN, { text: ' fell softly, and an old dog slept.', control: false }]);
    const continuation = await model.encode([{ text: ' The cat did not.', control: false }]);
    await model.score(prefix.slice(0, 1), prefix.slice(1));
    const client = new HttpClient({ engine: 'sglang', url: server.url });
    const question = {
      input_ids: [...prefix, ...continuation],
      logprob_start_len: prefix.length - 1,
      return_logprob: true,
      sampling_params: { max_new_tokens: 1, temperature: 0 },
    };
    const { meta_info } = await client.ask('/generate', question, cachedTokens);
    assert.equal(meta_info.cached_tokens, prefix.length - 1);
    await Promise.all([client.close(), model.close()]);
  });

  test('stops writing when its reader leaves', async () => {
    const model = await open();
    const generation = model.generate(await model.encode(RAIN), { temperature: 0, maxTokens: 900 });
    // So far on, it is counted.
    for (let i = 0; i < 40; i++) await generation.next();
    assert.equal(await runningRequests(server.url), 1);
    await generation.return('stop');
    for (let tries = 0; tries < 100 && (await runningRequests(server.url)) > 0; tries++) await delay(100);
    assert.equal(await runningRequests(server.url), 0);
    await model.close();
  });
});

describeServedPair({
  engine: 'sglang',
  server: () => server,
  tokenizer: () => tokenizer,
  // It dies in the last test: another takes a minute to start.
  startAnother: () => Promise.resolve(server),
  prompts: 3,
  maxTokens: 8,
  // The base is dequantised, and computed in bfloat16; the embedded one computes in 4 to 8 bits.
  tolerance: { logprobNats: 1.5, window: 0.1 },
});
