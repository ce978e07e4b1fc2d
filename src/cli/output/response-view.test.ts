import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TokenId } from '../../core/token-id.ts';
import { plainView } from './response-view.ts';

test('control characters of a model reach a pipe as they are, and no screen', () => {
  const shown = (isScreen: boolean) => {
    let written = '';
    const view = plainView((text) => (written += text), { isScreen });
    view({ type: 'token', id: 1 as TokenId, text: 'a\u001b]0;owned\u0007b\n', source: 'base' });
    return written;
  };
  assert.equal(shown(false), 'a\u001b]0;owned\u0007b\n');
  assert.equal(shown(true), 'a\uFFFD]0;owned\uFFFDb\n');
});
