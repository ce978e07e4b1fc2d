import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { ROOT } from './support.ts';

test('each example begins with the command that runs it in a checkout', async () => {
  const names = (await readdir(join(ROOT, 'examples'))).filter((name) => name.endsWith('.ts'));
  assert.ok(names.length > 0);
  for (const name of names) {
    const [comment = ''] = (await readFile(join(ROOT, 'examples', name), 'utf8')).split('*/');
    assert.match(comment, new RegExp(`npm run example -- examples/${name}\\b`));
    assert.doesNotMatch(comment, /\bnode examples/);
  }
});
