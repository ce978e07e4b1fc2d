import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { eventStream } from './event-stream.ts';

test('a reader that leaves while an event is waited for gets no more comments', async () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  async function* messages() {
    yield 'first';
    await opened;
    yield 'second';
  }
  let ended = false;
  const stream = eventStream({
    messages: messages(),
    keepAliveMs: 5,
    stallMs: 1000,
    onCancel: () => undefined,
    onEnd: () => (ended = true),
  });
  const reader = stream.getReader();
  assert.equal(new TextDecoder().decode((await reader.read()).value), 'data: first\n\n');
  void reader.read();
  await nextTurn();
  const left = reader.cancel();
  // A comment to a closed stream would be an error that nobody catches, and fail this test.
  await delay(30);
  assert.equal(ended, false);
  open();
  await left;
  assert.equal(ended, true);
});
