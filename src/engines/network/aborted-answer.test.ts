import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import type { TokenId } from '../../core/language-model.ts';
import { CHAT_SERVERS } from '../chat/chat-servers.ts';
import { ChatWriter } from '../chat/chat-writer.ts';
import { HttpClient } from '../http/http-client.ts';
import { openaiDialect } from '../openai/openai-dialect.ts';
import { scaleOutDialect } from '../vllm/scale-out-dialect.ts';
import { vllmDialect } from '../vllm/vllm-dialect.ts';
import type { NetworkTokenizer } from './network-tokenizer.ts';

const OPTIONS = { temperature: 0, maxTokens: 9 };
const PREFIX = [1 as TokenId];
const TOKENIZER: NetworkTokenizer = {
  controlTexts: [],
  addsBos: false,
  encode: () => Promise.resolve([2 as TokenId]),
  decode: () => Promise.resolve([new TextEncoder().encode('a')]),
};
const CHOICE = { text: 'a', token_ids: [2], delta: { content: 'a' } };

/** A server that begins each answer and then says that it was aborted. */
async function openServer(context: TestContext): Promise<HttpClient> {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const choice of [CHOICE, { text: '', token_ids: [], delta: {}, finish_reason: 'abort' }]) {
      response.write(`data: ${JSON.stringify({ choices: [choice] })}\n\n`);
    }
    response.end('data: [DONE]\n\n');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new HttpClient({ engine: 'vllm', url });
  context.after(async () => {
    await client.close();
    server.close();
  });
  return client;
}

test('an answer that the server itself broke off is an error, not a short answer', async (context) => {
  const client = await openServer(context);
  const scaleOut = { model: 'm', scaleOut: { scoresFromOffset: false }, text: true };
  const answers = [
    vllmDialect(client, 'm').generate(PREFIX, OPTIONS),
    scaleOutDialect(client, scaleOut).generate(PREFIX, OPTIONS),
    openaiDialect(client, 'm', TOKENIZER).generate(PREFIX, OPTIONS),
    new ChatWriter({ client, model: 'm', server: CHAT_SERVERS['vllm']! }).write([], OPTIONS),
  ];
  for (const answer of answers) {
    assert.equal((await answer.next()).done, false);
    await assert.rejects(answer.next(), { name: 'EngineError', message: /an answer that it aborted/ });
  }
});
