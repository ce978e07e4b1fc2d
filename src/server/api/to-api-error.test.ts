import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from '../../core/errors.ts';
import { settingName } from '../../core/setting-name.ts';
import { toApiError } from './to-api-error.ts';

test('a fault in a module of the gateway is the gateway’s, and its words and path are for the log', () => {
  for (const setting of ['strategyModule', 'criterionModule']) {
    const cause = new ConfigError('bad', `${settingName(setting)}: the write of /home/me/mine.ts failed: mend it.`);
    const { status, message, code, cause: kept } = toApiError(cause);
    assert.deepEqual([status, code, kept], [500, 'internal_error', cause]);
    assert.doesNotMatch(message, /mine\.ts/);
  }
});

test('what a request asked for wrongly is the client’s fault, in the words of requests', () => {
  const { status, message, param } = toApiError(new ConfigError('bad-top-p', `${settingName('topP')} must be less.`));
  assert.deepEqual([status, message, param], [400, 'top_p must be less.', 'top_p']);
});
