/** node:http alone, which streams the events of bench/fast-gateway.ts, as a process of its own: `node bare-server.ts TOKENS` */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';

const tokens = Number(process.argv[2]);

const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
await once(server, 'listening');
process.on('disconnect', () => process.exit());
process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await once(request.resume(), 'end');
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  response.write(chunk({ role: 'assistant', content: '' }));
  for (let index = 0; index < tokens; index++) {
    await nextTurn();
    response.write(chunk({ content: ' token' }));
  }
  response.end(`${chunk({})}data: [DONE]\n\n`);
}

function chunk(delta: object): string {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: null }];
  const id = 'chatcmpl-00000000-0000-0000-0000-000000000000';
  return `data: ${JSON.stringify({ id, created: 0, model: 'fast', object: 'chat.completion.chunk', choices })}\n\n`;
}
