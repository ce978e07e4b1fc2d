import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenProposer } from '../../src/core/index.ts';
import type { GeneratedToken, LanguageModel, TokenId } from '../../src/index.ts';
import { openTinyEngine } from '../../test/fixtures/tiny-engine.ts';
import { watchProposals } from './watch-proposals.ts';

const TEXT = Array.from({ length: 40 }, (_, i) => (100 + i) as TokenId);

/** Writes `TEXT`, and asks for four proposals before every eighth token. */
const writer = {
  async *generate(prefix, { maxTokens, proposers }) {
    for (let at = prefix.length; at < prefix.length + maxTokens; at++) {
      if (at % 8 === 0) await proposers?.[0]?.propose(TEXT.slice(0, at), 4);
      yield { token: TEXT[at]!, bytes: new Uint8Array() };
    }
    return 'length';
  },
} as Pick<LanguageModel, 'generate'> as LanguageModel;

/** Knows the text, and is wrong from its `wrongFrom`-th proposed token on. */
function knowing(text: readonly TokenId[], wrongFrom: number): TokenProposer {
  return {
    name: 'knowing',
    msPerToken: 0,
    propose: (tokens, limit) =>
      text.slice(tokens.length, tokens.length + limit).map((token, i) => (i < wrongFrom ? token : (3 as TokenId))),
  };
}

async function write(model: LanguageModel, prefix: readonly TokenId[], maxTokens: number, proposer?: TokenProposer) {
  const tokens: TokenId[] = [];
  const written: AsyncIterable<GeneratedToken> = model.generate(prefix, {
    temperature: 0,
    maxTokens,
    ...(proposer && { proposers: [proposer] }),
  });
  for await (const { token } of written) tokens.push(token);
  return tokens;
}

test('counts the proposed tokens that the text goes on with, up to the first wrong one', async () => {
  const watched = watchProposals(writer);
  for (const [wrongFrom, share] of [
    [Infinity, 1],
    [3, 0.75],
    [0, 0],
  ] as const) {
    assert.deepEqual(await write(watched.model, TEXT.slice(0, 8), 24, knowing(TEXT, wrongFrom)), TEXT.slice(8, 32));
    assert.equal(watched.takeAcceptance(), share);
  }
});

test('what lies past the end of the text did not hold, and nothing proposed is no share', async () => {
  const watched = watchProposals(writer);
  assert.ok(Number.isNaN(watched.takeAcceptance()));
  await write(watched.model, TEXT.slice(0, 8), 2, knowing(TEXT, Infinity));
  assert.equal(watched.takeAcceptance(), 0.5);
  await write(watched.model, TEXT.slice(0, 8), 8);
  assert.ok(Number.isNaN(watched.takeAcceptance()));
});

test('a watched model of the engine writes what the model writes', async () => {
  const engine = await openTinyEngine();
  const base = await engine.open('byte-bpe');
  const prefix = await base.encode([{ text: 'Rain', control: false }]);
  const plain = await write(base, prefix, 24);
  const watched = watchProposals(base);
  const text = [...prefix, ...plain];
  assert.deepEqual(await write(watched.model, prefix, 24, knowing(text, Infinity)), plain);
  assert.ok(watched.takeAcceptance() > 0.9);
  assert.deepEqual(await write(watched.model, prefix, 24, knowing(text, 0)), plain);
  assert.equal(watched.takeAcceptance(), 0);
  await engine.close();
});
