// The command line with both models on servers: nothing of llama.cpp is loaded, and keys stay secret.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { EXAMPLE_TOKENIZERS } from '../../src/engines/scripted/example-tokenizers.ts';
import { writes } from '../../src/engines/scripted/next-token.ts';
import { scriptedModel } from '../../src/engines/scripted/scripted-model.ts';
import { fakeChat } from '../fixtures/fake-servers/fake-chat.ts';
import { type FakeServer, openFakeServer } from '../fixtures/fake-servers/fake-server.ts';
import { fakeVllm } from '../fixtures/fake-servers/fake-vllm.ts';
import { passesProbe } from '../fixtures/fake-servers/passes-probe.ts';
import { wellbegun } from '../live/support.ts';

const KEY = 'sk-topsecret';

suite('a pair on servers, on the command line', () => {
  let base: FakeServer;
  let draft: FakeServer;
  before(async () => {
    const tokenizer = EXAMPLE_TOKENIZERS.words;
    base = await openFakeServer(
      scriptedModel({ tokenizer, bosText: '<s>', next: passesProbe(writes(' the mat.')) }),
      fakeVllm,
    );
    draft = await openFakeServer(scriptedModel({ tokenizer, next: writes('The cat sat on') }), fakeChat({ key: KEY }));
  });
  after(() => Promise.all([base.close(), draft.close()]));

  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    wellbegun(['run', '--base', `vllm:${base.url}`, '--draft', `chat:${draft.url}`, ...args, 'Hi'], {
      // There is no such build of llama.cpp here: asking for it would fail.
      env: { WELLBEGUN_BACKEND: 'metal', ...env },
    });

  test('answers, without the native library', async () => {
    for (const [strategy, text] of [
      ['draft', 'The cat sat on'],
      ['base', ' the mat.'],
    ] as const) {
      const { code, stdout, stderr } = await run(['--strategy', strategy], { WELLBEGUN_DRAFT_KEY: KEY });
      assert.equal(code, 0, stderr);
      assert.equal(stdout.trim(), text.trim());
    }
    const { code, stdout, stderr } = await run(['--json'], { WELLBEGUN_DRAFT_KEY: KEY });
    assert.equal(code, 0, stderr);
    assert.ok((JSON.parse(stdout) as { text: string }).text.startsWith('The cat sat on'));
    assert.ok(!`${stdout}${stderr}`.includes(KEY));
  });

  test('a wrong key is one sentence without the key', async () => {
    const { code, stderr } = await run(['--debug'], { WELLBEGUN_DRAFT_KEY: 'sk-wrongsecret' });
    assert.equal(code, 1);
    assert.match(stderr, /chat at http.* does not accept this key: check WELLBEGUN_DRAFT_KEY/);
    assert.ok(!/secret/.test(stderr));
  });

  test('an address with a password is refused without it', async () => {
    const { code, stderr } = await wellbegun(['run', '--base', 'vllm:http://me:hunter2@h:1', 'Hi']);
    assert.equal(code, 2);
    assert.ok(!stderr.includes('hunter2'), stderr);
  });
});
