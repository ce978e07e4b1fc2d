import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toByteLevelText } from '../../../test/fixtures/tiny-gguf/byte-level-alphabet.ts';
import { findSpelling, readsAs, tokenBytes } from './token-spelling.ts';

test('every byte has its character in a byte-level vocabulary', () => {
  for (let byte = 0; byte < 256; byte++) {
    assert.deepEqual([...tokenBytes('byte-level', toByteLevelText(Uint8Array.of(byte)))!], [byte]);
  }
  assert.equal(tokenBytes('byte-level', '▁the'), undefined);
});

test('spaces and single bytes of a sentencepiece vocabulary', () => {
  const read = (token: string) => Buffer.from(tokenBytes('sentencepiece', token)!).toString('latin1');
  assert.equal(read('▁the'), ' the');
  assert.equal(read('<0x0A>'), '\n');
  assert.equal(read('<0xE2>'), 'â');
});

test('a spelling is what makes the text, or none', () => {
  assert.equal(findSpelling(['The', 'Ġcat'], 'The cat'), 'byte-level');
  assert.equal(findSpelling(['The', '▁cat'], 'The cat'), 'sentencepiece');
  assert.equal(findSpelling(['▁The', '▁cat'], 'The cat'), undefined);
  assert.equal(findSpelling(['the', '##cat'], 'The cat'), undefined);
});

test('a token reads as its bytes in each spelling, and as it is shown', () => {
  const reads = (token: string, text: string) => readsAs(token, Buffer.from(text));
  for (const token of [' naïve', 'naïve', '▁naïve', 'ĠnaÃ¯ve']) assert.ok(reads(token, ' naïve'), token);
  assert.ok(reads('<0x0A>', '\n'));
  assert.ok(!reads(' naive', ' naïve'));
  assert.ok(!reads('', ' naïve'));
});
