import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { requestFields } from '../../settings/request-fields.ts';
import { ApiError } from './api-error.ts';
import { readRequest } from './read-request.ts';

test('a setting that is out of range is told in the words that every surface has for it', () => {
  const schema = z.strictObject(requestFields);
  for (const [body, message] of [
    ['{"max_draft": -1}', '"max_draft" must be a whole number of at least 0.'],
    ['{"top_p": 5}', '"top_p" must be a number above 0 and at most 1.'],
    ['{"gamma": "high"}', '"gamma" must be a number above 0 and at most 1.'],
  ] as const) {
    const refused = (error: unknown) => error instanceof ApiError && error.status === 400 && error.message === message;
    assert.throws(() => readRequest(schema, body), refused, body);
  }
});
