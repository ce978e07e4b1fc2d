import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withSetting } from './chat-setting.ts';

test('a setting of the command line is changed by its name', () => {
  assert.deepEqual(withSetting({ criterion: 'always', topK: 3 }, 'gamma 0.9'), {
    criterion: undefined,
    topK: 3,
    gamma: 0.9,
  });
  assert.deepEqual(withSetting({}, '--max-draft=20'), { maxDraft: 20 });
  assert.deepEqual(withSetting({ gamma: 0.5 }, 'criterion boundary(confidence)'), {
    criterion: 'boundary(confidence)',
    gamma: undefined,
    window: undefined,
  });
});

test('what is no setting is told which there are', () => {
  for (const words of ['', 'gamma', 'speed 3', 'constructor 1'])
    assert.throws(() => withSetting({}, words), { name: 'ConfigError', message: /\/set gamma 0\.9.*temperature/ });
});

test('a value that the setting does not take is told with what it takes', () => {
  for (const [words, message] of [
    ['gamma high', 'gamma must be a number above 0 and at most 1, not "high".'],
    ['max-draft -1', 'maxDraft must be a whole number of at least 0, not -1.'],
    ['on-no-switch explode', 'onNoSwitch must be one of continue, stop, not "explode".'],
  ] as const)
    assert.throws(() => withSetting({}, words), { name: 'ConfigError', message });
});
