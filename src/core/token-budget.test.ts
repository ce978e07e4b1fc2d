import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pseudoRandom } from '../engines/scripted/next-token.ts';
import { scriptedModel } from '../engines/scripted/scripted-model.ts';
import { ContextOverflowError } from './errors.ts';
import { type AskedTokens, assertFits } from './token-budget.ts';

const model = scriptedModel({ id: 'tiny', next: pseudoRandom(1), contextLength: 10 });

function refusal(promptTokens: number, ...asked: AskedTokens[]): string {
  try {
    assertFits(model, promptTokens, ...asked);
  } catch (error) {
    assert.ok(error instanceof ContextOverflowError);
    return `${error.code}: ${error.message}`;
  }
  return 'fits';
}

test('a prompt needs room for at least one token more', () => {
  assert.equal(refusal(9), 'fits');
  assert.equal(
    refusal(10),
    'prompt-too-long: The prompt has 10 tokens for tiny, whose context holds 10: shorten it, or raise context as far as the model allows.',
  );
});

test('what was asked for must fit, to the token', () => {
  assert.equal(refusal(4, { option: 'maxDraft', tokens: 2 }, { option: 'maxTokens', tokens: 4 }), 'fits');
  assert.equal(
    refusal(4, { option: 'maxDraft', tokens: 2 }, { option: 'maxTokens', tokens: 5 }),
    "response-too-long: maxDraft 2 and maxTokens 5 can't fit: the prompt takes 4 of the 10 tokens of tiny's context, which leaves 6. Ask for fewer tokens or raise context.",
  );
});

test('defaults are no promise, and the message names only what was asked for', () => {
  assert.equal(refusal(4, { option: 'maxDraft', tokens: undefined }, { option: 'maxTokens', tokens: 6 }), 'fits');
  assert.match(
    refusal(4, { option: 'maxDraft', tokens: undefined }, { option: 'maxTokens', tokens: 7 }),
    /^response-too-long: maxTokens 7 can't fit/u,
  );
});
