import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DecodeTrace } from '../../core/decode-trace.ts';
import type { TokenId } from '../../core/token-id.ts';
import { confidenceLine } from './confidence-line.ts';

type Token = DecodeTrace['tokens'][number];

const token = (source: Token['source'], p?: number): Token => ({
  id: 0 as TokenId,
  source,
  text: 'a',
  ...(p !== undefined && { logprob: Math.log(p) }),
});

test('each token has a bar as high as its probability, and the switch its mark', () => {
  const tokens = [token('draft', 0), token('draft', 0.5), token('base', 0.99), token('base'), token('base', 1)];
  assert.equal(confidenceLine({ tokens }), '▁▅⟫█·█');
});

test('a response of one model has no mark, and an empty one no bars', () => {
  assert.equal(confidenceLine({ tokens: [token('base', 0.13), token('base', 0.3)] }), '▂▃');
  assert.equal(confidenceLine({ tokens: [] }), '');
  assert.equal(confidenceLine({ tokens: [token('draft', 1), token('base'), token('base')] }), '█⟫');
});
