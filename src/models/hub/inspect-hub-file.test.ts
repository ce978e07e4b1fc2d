import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite, test, type TestContext } from 'node:test';
import { SourceFailure } from '../source-failure.ts';
import { inspectHubFile } from './inspect-hub-file.ts';

const SHA256 = 'a'.repeat(64);
const describeStatus = ({ status }: Response): SourceFailure =>
  new SourceFailure(`answered ${status}`, { retryable: status !== 403, retryAfterMs: 0 });

/** A hub that answers with each status in turn, the last one again and again. */
async function hub(context: TestContext, statuses: readonly number[]): Promise<{ url: string; asked: () => number }> {
  let asked = 0;
  const server = createServer((_, response) => {
    const status = statuses[Math.min(asked++, statuses.length - 1)]!;
    response.writeHead(status, { 'retry-after': '0', 'x-linked-etag': `"${SHA256}"`, 'x-linked-size': '5' }).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  context.after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.gguf`, asked: () => asked };
}

suite('a file of the hub is inspected', () => {
  test('again where the hub has too much to do', async (context) => {
    const { url, asked } = await hub(context, [429, 503, 200]);
    assert.deepEqual(await inspectHubFile(url, { describeStatus }), { sha256: SHA256, sizeBytes: 5 });
    assert.equal(asked(), 3);
  });

  test('three times at most, and once where it says no', async (context) => {
    const busy = await hub(context, [429]);
    await assert.rejects(inspectHubFile(busy.url, { describeStatus }), { message: 'answered 429' });
    assert.equal(busy.asked(), 3);
    const closed = await hub(context, [403]);
    await assert.rejects(inspectHubFile(closed.url, { describeStatus }), { message: 'answered 403' });
    assert.equal(closed.asked(), 1);
  });
});
