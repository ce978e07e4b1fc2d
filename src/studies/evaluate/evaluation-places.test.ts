import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../../core/errors.ts';
import { flagOf } from '../../settings/names.ts';
import { evaluationFolder } from './evaluation-places.ts';

test('a file in the place of the folder is refused, by the setting’s name of each surface', async () => {
  await assert.rejects(evaluationFolder(import.meta.filename), (error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, /^output: the folder .* \(a file is in its place\)/);
    assert.match(error.spelled(flagOf), /^--output: the folder/);
    return true;
  });
});
