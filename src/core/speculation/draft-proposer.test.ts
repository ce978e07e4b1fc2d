import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { EXAMPLE_TOKENIZERS } from '../../engines/scripted/example-tokenizers.ts';
import { writes } from '../../engines/scripted/next-token.ts';
import { scriptedModel } from '../../engines/scripted/scripted-model.ts';
import { scriptedWriter } from '../../engines/scripted/scripted-writer.ts';
import { plainForm } from '../../prompts/plain-form.ts';
import type { LanguageModel, TokenId } from '../language-model.ts';
import { promptedWriter } from '../prompted-writer.ts';
import { draftProposer } from './draft-proposer.ts';

const ANSWER = 'The cat sat on the mat. 你好世界。 The other cat 🎉🎉 sat on    the mat.\n\nThe end';
const MESSAGES = [{ role: 'user', content: 'Where?' }] as const;
const PROMPT = [7 as TokenId];
const TOKENIZERS = Object.entries(EXAMPLE_TOKENIZERS);

function proposer(base: LanguageModel, draft: LanguageModel) {
  const writer = promptedWriter(draft, plainForm({}));
  return draftProposer({ draft: writer, base, messages: MESSAGES, promptTokens: PROMPT.length, msPerToken: 1 });
}

suite('guesses in the base tokens what the draft would write next', () => {
  for (const [baseName, baseTokenizer] of TOKENIZERS) {
    for (const [draftName, draftTokenizer] of TOKENIZERS) {
      test(`a base of ${baseName} and a draft of ${draftName}`, async () => {
        const base = scriptedModel({ next: writes(''), tokenizer: baseTokenizer });
        const draft = scriptedModel({ next: writes(ANSWER), tokenizer: draftTokenizer });
        const whole = await base.encode([{ text: ANSWER, control: false }]);
        const guesses = proposer(base, draft);
        let right = 0;
        for (let length = 0; length < whole.length; length++) {
          const guess = await guesses.propose([...PROMPT, ...whole.slice(0, length)], 6);
          if (guess[0] === whole[length]) right++;
        }
        // A guess may begin in the middle of a draft token, or end in the middle of a base token.
        assert.ok(right >= 0.6 * whole.length, `${right} of ${whole.length} first guesses`);
      });
    }
  }
});

test('no guess in the middle of a character, nor after the end', async () => {
  const base = scriptedModel({ next: writes('') });
  const draft = scriptedModel({ next: writes('🎉 ok') });
  const guesses = proposer(base, draft);
  const bytes = await base.encode([{ text: '🎉 ok', control: false }]);
  assert.deepEqual(await guesses.propose([...PROMPT, ...bytes.slice(0, 2)], 4), []);
  assert.deepEqual(await guesses.propose([...PROMPT, ...bytes.slice(0, 4)], 2), bytes.slice(4, 6));
  assert.deepEqual(await guesses.propose([...PROMPT, ...bytes], 4), []);
});

test('the draft goes on from an answer that was begun in the request', async () => {
  const base = scriptedModel({ next: writes('') });
  const draft = scriptedWriter({ pieces: ['x'] });
  const messages = [...MESSAGES, { role: 'assistant', content: 'Well' }] as const;
  const guesses = draftProposer({ draft, base, messages, promptTokens: 1, msPerToken: 1 });
  const [comma] = await base.encode([{ text: ',', control: false }]);
  await guesses.propose([...PROMPT, comma!], 4);
  assert.deepEqual(draft.calls[0]!.messages.at(-1), { role: 'assistant', content: 'Well,' });
  assert.equal(draft.calls[0]!.options.maxTokens, 4);
});
