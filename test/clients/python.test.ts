import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { PIECE_PROBABILITIES } from '../fixtures/tiny-gguf/sentencepiece-probability.ts';
import { STORY } from '../fixtures/tiny-gguf/story.ts';
import { API_KEY, RARE_KEY, startGateway } from './start-gateway.ts';

/** The base gives every piece of its story the probability of its table. */
function bytePerplexity(): number {
  const logprob = PIECE_PROBABILITIES.reduce((sum, probability) => sum + Math.log(probability), 0);
  return Math.exp(-logprob / Buffer.byteLength(STORY));
}

test('the package openai of PyPI, and lm-eval', async (context) => {
  const [gateway, single] = await Promise.all([startGateway(), startGateway(['tiny'])]);
  context.after(() => Promise.all([gateway.stop(), single.stop()]));
  const uv = spawn('uv', ['run', '--locked', 'pytest', '--no-header', '--durations=3'], {
    cwd: join(import.meta.dirname, 'python'),
    env: {
      ...process.env,
      WELLBEGUN_URL: gateway.url,
      WELLBEGUN_SINGLE_URL: single.url,
      WELLBEGUN_KEY: API_KEY,
      WELLBEGUN_RARE_KEY: RARE_KEY,
      WELLBEGUN_STORY: STORY,
      WELLBEGUN_BYTE_PERPLEXITY: String(bytePerplexity()),
    },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  uv.on('error', () => console.error('The tests of Python clients need uv: pip install uv.'));
  const [code] = (await once(uv, 'exit')) as [number | null];
  assert.equal(code, 0);
});
