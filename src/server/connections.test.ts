import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { suite, test } from 'node:test';
import { openScriptedGateway } from '../../test/fixtures/scripted-gateway.ts';

async function overSocket(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  let reply = '';
  const socket = connect(Number(port), hostname).setEncoding('utf8');
  socket.on('data', (piece: string) => (reply += piece)).write(text);
  await once(socket, 'close');
  return reply;
}

suite('a connection', () => {
  test('clients of HTTP/1.0 need no host, and get streams without the sizes of chunks', async () => {
    const gateway = await openScriptedGateway();
    assert.match(await overSocket(gateway.url, 'GET /health/live HTTP/1.0\r\n\r\n'), /^HTTP\/1\.1 200 OK/);
    const body = JSON.stringify({ model: 'pair', stream: true, messages: [{ role: 'user', content: 'Say it.' }] });
    const head = `POST /v1/chat/completions HTTP/1.0\r\ncontent-length: ${body.length}\r\n\r\n`;
    const reply = await overSocket(gateway.url, head + body);
    const [headers = '', ...events] = reply.split('\r\n\r\n');
    assert.doesNotMatch(headers, /transfer-encoding/i);
    assert.match(events.join(''), /^data: .*\n\ndata: \[DONE\]\n\n$/s);
    await gateway.close();
  });

  test('an idle connection stays longer than load balancers keep theirs', async () => {
    const gateway = await openScriptedGateway();
    const { headers } = await fetch(`${gateway.url}/health/live`);
    assert.match(headers.get('keep-alive') ?? '', /timeout=7\d/);
    await gateway.close();
  });

  test('its address alone says what it is', async () => {
    const gateway = await openScriptedGateway();
    const { name, version, links } = (await (await fetch(gateway.url)).json()) as {
      name: string;
      version: string;
      links: Record<string, string>;
    };
    assert.deepEqual([name, version], ['wellbegun', '0.0.0']);
    for (const path of Object.values(links)) assert.equal((await fetch(gateway.url + path)).status, 200, path);
    await gateway.close();
  });
});
