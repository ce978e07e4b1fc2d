import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { STORY } from '../fixtures/tiny-gguf/story.ts';
import { makePlace, type Place } from './support.ts';

/** What Node.js does for a user whom neither HOME nor the list of users gives a home, as in many containers. */
const NO_HOME = `import os from 'node:os'; import { syncBuiltinESMExports } from 'node:module';
os.homedir = () => { throw Object.assign(new Error('A system error occurred: uv_os_homedir returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' }); };
syncBuiltinESMExports();`;

suite('a user without a home folder', () => {
  let place: Place;
  let env: Record<string, string>;
  before(async () => {
    place = await makePlace();
    env = {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(NO_HOME)}`,
      HOME: '',
      XDG_CONFIG_HOME: '',
    };
  });
  after(() => place.remove());

  test('runs with a cache that is named', async () => {
    const { code, stdout, stderr } = await place.run(['run', 'hi'], { env });
    assert.equal(code, 0, stderr);
    assert.equal(stdout, `${STORY}\n`);
    assert.equal((await place.run(['--version'], { env })).code, 0);
    assert.equal((await place.run(['--help'], { env })).code, 0);
  });

  test('is told what to name, where a cache is needed', async () => {
    const { code, stderr } = await place.run(['models'], { env: { ...env, WELLBEGUN_CACHE: '' } });
    assert.equal(code, 2);
    assert.match(stderr, /^wellbegun: This user has no home folder .* WELLBEGUN_CACHE\.$/m);
    const home = await place.run(['run', 'hi', '--base', '~/x.gguf'], { env });
    assert.match(home.stderr, /^wellbegun: This user has no home folder .* write ~\/x\.gguf without ~\.$/m);
  });

  test('a working folder that was deleted is named', async () => {
    const folder = await place.newFolder();
    const wrap = (command: readonly string[]) => ['sh', '-c', 'rmdir "$PWD"; exec "$@"', 'sh', ...command];
    const { code, stderr } = await place.run(['run', 'hi'], { cwd: folder, wrap });
    assert.equal(stderr, 'wellbegun: The folder that you are in was deleted: change to another one and start again.\n');
    assert.equal(code, 2);
    const other = await place.newFolder();
    assert.equal((await place.run(['--version'], { cwd: other, wrap })).code, 0);
  });
});
