import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { errorCodes } from './error-codes.ts';

const ROOT = resolve(import.meta.dirname, '../..');

test('docs/troubleshooting.md has a row for each error code, and for no other', () => {
  const page = readFileSync(join(ROOT, 'docs/troubleshooting.md'), 'utf8');
  const described = Array.from(page.matchAll(/^\| `([a-z-]+)`/gm), ([, code]) => code!);
  assert.ok(described.length > 100);
  assert.deepEqual(described.toSorted(), [...errorCodes(ROOT)].sort());
});
