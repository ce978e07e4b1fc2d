import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { openTinyEngine, someTokens, type TinyEngine } from '../../../test/fixtures/tiny-engine.ts';
import { ngramLookup } from '../../core/speculation/ngram-lookup.ts';
import { seededRandom } from '../../core/seeded-random.ts';
import type { TokenId } from '../../core/language-model.ts';
import type { LlamaCppModel } from './llama-cpp-model.ts';

const REQUESTS = 40;
const KINDS = ['attention', 'sliding-window', 'mamba'] as const;

let engine: TinyEngine;
before(async () => void (engine = await openTinyEngine({ reproducible: true })));
after(() => engine.close());

/** What a request gives: tokens it writes, greedy or drawn, with their logprobs, and the scores of a text. */
async function ask(model: LlamaCppModel, request: number, withLookup: boolean): Promise<string> {
  // Every fourth begins like others for so long that the beginning is copied from their cells.
  const beginning = someTokens(request % 4 === 0 ? 100 - (request % 3) : 8, 1);
  const prefix = [...beginning, ...someTokens(5 + ((request * 7) % 60), request + 1)];
  const lookup = withLookup ? { proposers: [ngramLookup()] } : {};
  const sampling = request % 3 === 0 ? { temperature: 0 } : { temperature: 0.8, topP: 0.95, seed: request };
  const written: (readonly [TokenId, number | undefined])[] = [];
  for await (const { token, logprob } of model.generate(prefix, {
    ...sampling,
    maxTokens: 6 + (request % 9),
    logprobs: request % 2 === 0,
    ...lookup,
  }))
    written.push([token, logprob]);
  const scores = await model.score(prefix, someTokens(1 + (request % 17), request + 3));
  return JSON.stringify({ written, scores: scores.map(({ logprob }) => logprob) });
}

suite('a reproducible engine gives the same to the last bit', () => {
  for (const kind of KINDS) {
    test(`with the cache of ${kind}`, async () => {
      const alone: string[] = [];
      for (let request = 0; request < REQUESTS; request++) {
        const fresh = await engine.open(kind);
        alone.push(await ask(fresh, request, false));
        await fresh.close();
      }
      const model = await engine.open(kind);
      const random = seededRandom(7);
      const order = Array.from({ length: 5 * REQUESTS }, () => Math.floor(random() * REQUESTS));
      for (let begin = 0, load; begin < order.length; begin += load) {
        load = 1 + Math.floor(random() * 12);
        const batch = order.slice(begin, begin + load);
        const answers = await Promise.all(batch.map((request, i) => ask(model, request, i % 2 === 0)));
        for (const [i, request] of batch.entries()) assert.equal(answers[i], alone[request], `request ${request}`);
      }
    });
  }
});
