import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pseudoRandom, writes } from '../engines/scripted/next-token.ts';
import { scriptedModel, type ScriptedModelOptions } from '../engines/scripted/scripted-model.ts';
import { plainForm } from '../prompts/plain-form.ts';
import type { DraftPiece } from './draft-writer.ts';
import { ContextOverflowError } from './errors.ts';
import { promptedWriter } from './prompted-writer.ts';

const MESSAGES = [{ role: 'user', content: 'Hi' }] as const;

async function write(options: ScriptedModelOptions, maxTokens = 100) {
  const model = scriptedModel(options);
  const response = promptedWriter(model, plainForm({})).write(MESSAGES, { temperature: 0, maxTokens });
  const pieces: DraftPiece[] = [];
  for (;;) {
    const next = await response.next();
    if (next.done) return { model, pieces, end: next.value, text: pieces.map((piece) => piece.text).join('') };
    pieces.push(next.value);
  }
}

test('writes a piece a token, of whole characters, with its id', async () => {
  const { pieces, end } = await write({ next: writes('a🎉b') });
  assert.deepEqual(
    pieces.map(({ text }) => text),
    ['a', '', '', '', '🎉', 'b'],
  );
  assert.deepEqual(
    pieces.map(({ token }) => token),
    [97, 0xf0, 0x9f, 0x8e, 0x89, 98],
  );
  assert.equal(end, 'stop');
});

test('ends at its limit, and drops a character that is not whole then', async () => {
  const { text, end, pieces } = await write({ next: writes('a🎉b') }, 3);
  assert.deepEqual([text, end, pieces.length], ['a', 'length', 3]);
});

test('the stop strings of its form end its turn, and are not part of it', async () => {
  const { text, end, model } = await write({ next: writes('Hello\n\n[User]\nAnd you?') });
  assert.deepEqual([text, end], ['Hello', 'stop']);
  assert.equal(model.calls[0]?.tokens.length, 'Hello\n\n[User]'.length);
  assert.equal(model.calls[0].ended, true);
});

test('what may become a stop string waits for its pieces, and loses none', async () => {
  const { pieces, text } = await write({ next: writes('a[Useful] b[Us') });
  assert.equal(text, 'a[Useful] b[Us');
  assert.equal(pieces.length, text.length);
});

test('closing it closes its model', async () => {
  const model = scriptedModel({ id: 'small', next: pseudoRandom(1) });
  const writer = promptedWriter(model, plainForm({}));
  assert.equal(writer.id, 'small');
  await writer.close();
  assert.equal(model.closed, true);
});

test('a prompt that does not fit its context is refused before any work', async () => {
  const model = scriptedModel({ id: 'small', next: pseudoRandom(1), contextLength: 10 });
  const response = promptedWriter(model, plainForm({})).write(MESSAGES, { temperature: 0, maxTokens: 1 });
  await assert.rejects(
    response.next(),
    (error) => error instanceof ContextOverflowError && error.message.includes('small'),
  );
  assert.deepEqual(model.calls, []);
});

test('a reader that leaves frees the model', async () => {
  const model = scriptedModel({ next: writes('Hello') });
  for await (const piece of promptedWriter(model, plainForm({})).write(MESSAGES, { temperature: 0, maxTokens: 9 })) {
    if (piece.text === 'e') break;
  }
  assert.deepEqual(
    model.calls.map(({ tokens, ended }) => [tokens.length, ended]),
    [[2, true]],
  );
});
