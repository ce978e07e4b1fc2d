import assert from 'node:assert/strict';
import { test } from 'node:test';
import { streamText } from 'ai';
import { EngineError } from '../core/errors.ts';
import { writes } from '../engines/scripted/next-token.ts';
import { scriptedModel } from '../engines/scripted/scripted-model.ts';
import { scriptedWriter } from '../engines/scripted/scripted-writer.ts';
import { plainForm } from '../prompts/plain-form.ts';
import { wellbegunModel } from './index.ts';

/** A pair whose base gives up, or does something else, before some token of its own. */
function pairThat(beforeToken: (token: number) => void | Promise<void>) {
  let token = 0;
  const base = scriptedModel({ next: writes('Hello there'), beforeToken: () => beforeToken(token++) });
  const draft = scriptedWriter({ pieces: ['Hel'] });
  return { base, baseFormat: plainForm({}), draft, close: () => Promise.resolve() };
}

const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'hi' }] }];

test('an engine that fails in the middle is an error of the stream, after the text so far', async () => {
  const pair = pairThat((token) => {
    if (token === 6) throw new EngineError('scripted', 'gone', 'The engine is gone.');
  });
  const errors: unknown[] = [];
  const result = streamText({
    model: wellbegunModel(pair),
    prompt: 'hi',
    onError: ({ error }) => void errors.push(error),
  });
  let text = '';
  let finishReason: string | undefined;
  for await (const part of result.stream) {
    if (part.type === 'text-delta') text += part.text;
    if (part.type === 'finish') finishReason = part.finishReason;
  }
  assert.equal(text, 'Hello ');
  assert.deepEqual([errors.length, (errors[0] as EngineError).code, finishReason], [1, 'gone', 'error']);
});

test('a reader that leaves stops the models in the middle of their work', async () => {
  let waiting = () => {};
  const isWaiting = new Promise<void>((resolve) => (waiting = resolve));
  const pair = pairThat(async (token) => {
    if (token < 6) return;
    waiting();
    await new Promise((resolve) => setTimeout(resolve, 5));
  });
  const { stream } = await wellbegunModel(pair).doStream({ prompt });
  const reader = stream.getReader();
  const reading = (async () => {
    while (!(await reader.read()).done);
  })();
  await isWaiting;
  await reader.cancel();
  await reading;
  assert.ok(pair.base.calls.every(({ ended }) => ended));
  assert.ok(pair.base.calls.at(-1)!.tokens.length <= 4);
});

test('nothing is computed ahead of the reader', async () => {
  const pair = pairThat(() => undefined);
  const { stream } = await wellbegunModel(pair).doStream({ prompt });
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.deepEqual(pair.base.calls, []);
  await stream.cancel();
});

test('raw chunks are the decode events', async () => {
  const pair = pairThat(() => undefined);
  const { stream } = await wellbegunModel(pair).doStream({ prompt, includeRawChunks: true });
  const types: string[] = [];
  for await (const part of stream) if (part.type === 'raw') types.push((part.rawValue as { type: string }).type);
  assert.deepEqual([types[0], types.at(-1)], ['decode-start', 'decode-end']);
  assert.ok(types.includes('model-switch'));
});
