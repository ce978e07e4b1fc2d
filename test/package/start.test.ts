import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

import { ROOT } from './support.ts';

/** Prints the modules that a process loads. */
const HOOK = `import { registerHooks } from 'node:module';
registerHooks({ load: (url, context, next) => (process.stderr.write(url + '\\n'), next(url, context)) });`;
const HEAVY = /\/assembly\/(?:load-pair|decode)\.|\/llama-cpp-model\.|\/@huggingface\/jinja\//;

function loadedBy(args: readonly string[]): string[] {
  const hook = `data:text/javascript,${encodeURIComponent(HOOK)}`;
  const main = join(ROOT, 'src/cli/main.ts');
  const { stderr } = spawnSync(process.execPath, ['--import', hook, main, ...args], { encoding: 'utf8' });
  return stderr.split('\n').filter((line) => line.startsWith('file:'));
}

for (const command of ['run', 'chat', 'serve', 'batch', 'calibrate', 'models']) {
  test(`a wrong option of ${command} is answered without the engine`, () => {
    const loaded = loadedBy([command, '--nonsense']);
    assert.ok(loaded.some((url) => url.endsWith(`/commands/${command}.ts`)));
    assert.deepEqual(
      loaded.filter((url) => HEAVY.test(url)),
      [],
    );
  });
}

test('the engine is loaded by what answers a prompt', () => {
  assert.ok(loadedBy(['run', '--base', './nowhere.gguf', 'hi']).some((url) => HEAVY.test(url)));
});
