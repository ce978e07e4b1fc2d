import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { openScriptedGateway, type ScriptedGateway } from '../../../test/fixtures/scripted-gateway.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

suite('a gateway with a page', () => {
  let gateway: ScriptedGateway;
  before(async () => {
    const playground = new Map([
      ['index.html', bytes('<p>page</p>')],
      ['assets/index-1.js', bytes('1')],
    ]);
    gateway = await openScriptedGateway({ playground });
  });
  after(() => gateway.close());

  const get = (path: string, accept = 'text/html,*/*') => fetch(`${gateway.url}${path}`, { headers: { accept } });

  test('shows it at / to those who take HTML, and greets programs as before', async () => {
    assert.equal(await (await get('/')).text(), '<p>page</p>');
    assert.equal(((await (await get('/', 'application/json')).json()) as { name: string }).name, 'wellbegun');
  });

  test('lets it load nothing from elsewhere, and nothing inline', async () => {
    const { headers } = await get('/');
    const policy = headers.get('content-security-policy')!;
    assert.match(policy, /^default-src 'none'; script-src 'self'; .*frame-ancestors 'none'$/);
    assert.doesNotMatch(policy, /unsafe|\*|http/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
  });

  test('gives its files with their types, and no others', async () => {
    assert.match((await get('/assets/index-1.js')).headers.get('content-type')!, /^text\/javascript/);
    for (const path of ['/assets/other.js', '/assets/../package.json', '/index.html/'])
      assert.equal((await get(path)).status, 404);
    assert.equal((await gateway.post('/assets/index-1.js', {})).status, 404);
  });
});

test('without a page a browser gets the greeting', async () => {
  const gateway = await openScriptedGateway();
  try {
    const response = await fetch(`${gateway.url}/`, { headers: { accept: 'text/html' } });
    assert.match(response.headers.get('content-type')!, /json/);
  } finally {
    await gateway.close();
  }
});
