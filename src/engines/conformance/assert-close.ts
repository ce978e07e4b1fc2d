import assert from 'node:assert/strict';
import type { LanguageModel, TokenId, TokenScore } from '../../core/language-model.ts';
import type { Generated } from './read-generated.ts';
import type { Opened } from './with-model.ts';

/** The same tokens, with logprobs within the tolerance. */
export function assertCloseScores(
  actual: readonly TokenScore[],
  expected: readonly TokenScore[],
  toleranceNats: number,
): void {
  assert.deepEqual(idsOf(actual), idsOf(expected));
  for (const [i, { logprob }] of actual.entries()) {
    const other = expected[i]!.logprob;
    const same = logprob === other || Math.abs(logprob - other) <= toleranceNats;
    assert.ok(same, `logprob ${i} is ${logprob}, not ${other} within ${toleranceNats}`);
  }
}

/** The same greedy text; where two tokens are as likely within the tolerance, either, and what follows is open. */
export async function assertSameGreedy(
  { model, prefix, toleranceNats }: Opened,
  actual: Generated,
  expected: Generated,
): Promise<void> {
  const [own, other] = [idsOf(actual.tokens), idsOf(expected.tokens)];
  const parting = own.findIndex((token, i) => token !== other[i]);
  if (parting < 0) return assert.deepEqual([own, actual.end], [other, expected.end]);
  assert.ok(other[parting] !== undefined, `one text ends at token ${parting}, the other goes on`);
  const before = [...prefix, ...own.slice(0, parting)];
  const difference = (await logprobOf(model, before, own[parting]!)) - (await logprobOf(model, before, other[parting]));
  assert.ok(Math.abs(difference) <= toleranceNats, `token ${parting} differs, and not by a tie: ${difference} nats`);
}

export async function logprobOf(model: LanguageModel, prefix: readonly TokenId[], token: TokenId): Promise<number> {
  return (await model.score(prefix, [token]))[0]!.logprob;
}

function idsOf(tokens: readonly { readonly token: TokenId }[]): TokenId[] {
  return tokens.map(({ token }) => token);
}
