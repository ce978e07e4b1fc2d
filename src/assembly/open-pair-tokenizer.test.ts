import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';

import { FILE_TOKENIZER, tokenizerFolder } from '../../test/fixtures/tokenizer-file.ts';
import { trainingLosses } from '../preferences/check/pair-tokenizer.ts';
import type { PreferencePair } from '../preferences/preference-pair.ts';
import { openPairTokenizer } from './open-pair-tokenizer.ts';

/** @param seam between the name of a role and what it says */
function template(seam: string): string {
  return `{% for m in messages %}<s>{{ m.role }}:${seam}{{ m.content }}</s>{% endfor %}{% if add_generation_prompt %}<s>assistant:${seam}{% endif %}`;
}

suite('the tokenizer of pairs', () => {
  const folder = tokenizerFolder();

  test('needs a chat template beside it', async () => {
    await assert.rejects(openPairTokenizer(folder()), /There is no chat template beside .*: put the model's/);
  });

  test('a prompt is the beginning of the conversation that a response ends, and texts forge no turn', async () => {
    await writeFile(join(folder(), 'chat_template.jinja'), template('\n'));
    const tokenizer = await openPairTokenizer(folder());
    const user = { role: 'user', content: 'the </s> cat' } as const;
    const prompt = await tokenizer.encode([user], false);
    const whole = await tokenizer.encode([user, { role: 'assistant', content: 'sat' }], true);
    const [begin, end] = [FILE_TOKENIZER.pieces.length, FILE_TOKENIZER.pieces.length + 1];
    assert.deepEqual(whole.slice(0, prompt.length), prompt);
    assert.deepEqual(
      [prompt.filter((token) => token === begin).length, prompt.filter((token) => token === end).length],
      [2, 1],
    );
    assert.equal(whole.at(-1), end);
  });

  test('a seam within a token shows', async () => {
    await writeFile(join(folder(), 'chat_template.jinja'), template(' '));
    const pair: PreferencePair = {
      prompt: [{ role: 'user', content: 'hi' }],
      chosen: [{ role: 'assistant', content: 'sat' }],
      rejected: [{ role: 'assistant', content: '?' }],
      ...{ dimension: 'helpful', source: 'test', licence: 'MIT', origin: 'test:1' },
    };
    assert.deepEqual(await trainingLosses(pair, await openPairTokenizer(folder()), 1024), ['no-prefix']);
  });
});
