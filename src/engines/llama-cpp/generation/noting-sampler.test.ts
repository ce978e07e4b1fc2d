import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { assertClose, logprobs, ROUNDING } from '../../../../test/fixtures/engine-assertions.ts';
import { openTinyEngine, someTokens, type TinyEngine } from '../../../../test/fixtures/tiny-engine.ts';
import type { GeneratedToken, GenerateOptions } from '../../../core/language-model.ts';
import type { LlamaCppModel } from '../llama-cpp-model.ts';

let engine: TinyEngine;
before(async () => void (engine = await openTinyEngine()));
after(() => engine.close());

async function generated(model: LlamaCppModel, options: GenerateOptions): Promise<GeneratedToken[]> {
  const tokens: GeneratedToken[] = [];
  for await (const token of model.generate(someTokens(8), options)) tokens.push(token);
  return tokens;
}

for (const [name, sampling] of Object.entries({
  greedy: { temperature: 0 },
  sampled: { temperature: 1.5, topK: 40, seed: 3 },
  penalised: { temperature: 0, repetitionPenalty: 1.3 },
})) {
  test(`${name} tokens come with the logprob that scoring gives them`, async () => {
    const model = await engine.open('attention');
    const options = { ...sampling, maxTokens: 20 };
    const tokens = await generated(model, { ...options, logprobs: true });
    assert.ok(tokens.length > 5);
    const ids = tokens.map(({ token }) => token);
    const scores = await model.score(someTokens(8), ids);
    assertClose(
      tokens.map(({ logprob }) => logprob!),
      logprobs(scores),
      ROUNDING,
    );
    const plain = await generated(model, options);
    assert.deepEqual(
      plain.map(({ token }) => token),
      ids,
    );
    assert.ok(plain.every((token) => !('logprob' in token)));
  });
}
