import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { temporaryFolder } from '../../../test/fixtures/serve-file.ts';
import { hubEndpoint, hubFileUrl } from './hub-endpoint.ts';
import { hubToken } from './hub-token.ts';

test('the address of a file', () => {
  const location = { repository: 'o/r', file: 'a b/x#1.gguf' };
  assert.equal(hubFileUrl(hubEndpoint({}), location), 'https://huggingface.co/o/r/resolve/main/a%20b/x%231.gguf');
  const mirror = hubEndpoint({ HF_ENDPOINT: 'https://mirror.example/hf/' });
  assert.equal(
    hubFileUrl(mirror, { ...location, file: 'x', revision: 'v1' }),
    'https://mirror.example/hf/o/r/resolve/v1/x',
  );
});

test('an endpoint with a password is refused and not repeated', () => {
  for (const HF_ENDPOINT of ['https://user:secret@mirror.example', 'ftp://secret', 'secret']) {
    assert.throws(
      () => hubEndpoint({ HF_ENDPOINT }),
      (error) => error instanceof Error && !error.message.includes('secret'),
    );
  }
});

test('the token is found where the tools of the hub keep it', async (context) => {
  const home = await temporaryFolder(context);
  await mkdir(join(home, 'huggingface'));
  await writeFile(join(home, 'huggingface', 'token'), 'hf_cache\n');
  await writeFile(join(home, 'token'), 'hf_home');
  assert.equal(await hubToken({ HF_TOKEN: ' hf_env\n', HF_HOME: home }), 'hf_env');
  assert.equal(await hubToken({ HF_HOME: home }), 'hf_home');
  assert.equal(await hubToken({ XDG_CACHE_HOME: home }), 'hf_cache');
  assert.equal(await hubToken({ HF_TOKEN_PATH: join(home, 'none') }), undefined);
});

test('a token that no header can hold is refused and not repeated', async () => {
  const error = await hubToken({ HF_TOKEN: 'hf_a\nhf_b' }).catch((reason: unknown) => reason);
  assert.ok(error instanceof Error && !error.message.includes('hf_'));
});
