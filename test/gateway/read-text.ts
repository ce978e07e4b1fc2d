import assert from 'node:assert/strict';
import { readEvents } from '../fixtures/scripted-gateway.ts';

interface Chunk {
  readonly choices: readonly [{ readonly delta: { readonly content?: string }; readonly finish_reason: string | null }];
}

/** Asks for one stream and reads it to its end. @throws AssertionError for one that is not complete */
export async function readText(url: string, prompt: string): Promise<string> {
  const body = JSON.stringify({ model: 'fast', stream: true, messages: [{ role: 'user', content: prompt }] });
  const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body });
  assert.equal(response.status, 200);
  const events = await readEvents(response);
  assert.equal(events.pop(), '[DONE]');
  const choices = (events as Chunk[]).map(({ choices: [choice] }) => choice);
  assert.equal(choices.at(-1)?.finish_reason, 'length');
  return choices.map(({ delta }) => delta.content ?? '').join('');
}
