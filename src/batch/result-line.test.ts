import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { BatchLine } from './batch-request.ts';
import { traceOf } from '../../test/fixtures/example-batch.ts';
import { readResultLine, resultLine } from './result-line.ts';

const request = { messages: [] };
const plain: BatchLine = { line: 3, form: 'plain', id: 'x', request };
const chat: BatchLine = { line: 4, form: 'chat', id: 'c', request };
const failure = { code: 'bad', message: 'It is bad.' };
const toRecord = ({ text, finishReason }: ReturnType<typeof traceOf>) => ({ text, finishReason });

function write(line: BatchLine, outcome: Parameters<typeof resultLine>[1]): Record<string, unknown> {
  const text = resultLine(line, outcome, toRecord);
  assert.match(text, /^[^\n]+$/);
  return JSON.parse(text) as Record<string, unknown>;
}

suite('a line of the output', () => {
  test('in the plain form', () => {
    assert.deepEqual(write(plain, traceOf('a\nb')), { line: 3, id: 'x', text: 'a\nb', finishReason: 'stop' });
    assert.deepEqual(write(plain, failure), { line: 3, id: 'x', error: failure });
    assert.deepEqual(write({ line: 9, form: 'plain', request }, failure), { line: 9, error: failure });
  });

  test("in OpenAI's form", () => {
    const { response, ...rest } = write(chat, traceOf('hi')) as { response: Record<string, unknown> };
    assert.deepEqual(rest, { id: 'batch_req_4', custom_id: 'c', error: null });
    assert.equal(response['status_code'], 200);
    const { id, created, ...body } = response['body'] as Record<string, unknown>;
    assert.match(String(id), /^chatcmpl-/);
    assert.ok(Math.abs(Number(created) - Date.now() / 1000) < 5);
    assert.deepEqual(body, {
      object: 'chat.completion',
      model: 'd+b',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'hi', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: 1, completion_tokens: 7, total_tokens: 8 },
    });
    assert.deepEqual(write(chat, failure), { id: 'batch_req_4', custom_id: 'c', response: null, error: failure });
  });

  test("in the form of OpenAI's completions", () => {
    const { response } = write({ ...chat, form: 'completions' }, traceOf('hi')) as { response: { body: object } };
    const { object, choices } = response.body as Record<string, unknown>;
    assert.equal(object, 'text_completion');
    assert.deepEqual(choices, [{ index: 0, text: 'hi', logprobs: null, finish_reason: 'stop' }]);
  });

  test('is read again for its place and whether it failed', () => {
    for (const line of [plain, chat]) {
      assert.deepEqual(readResultLine(resultLine(line, traceOf('hi'), toRecord)), {
        line: line.line,
        hasFailed: false,
      });
      assert.deepEqual(readResultLine(resultLine(line, failure, toRecord)), { line: line.line, hasFailed: true });
    }
  });

  test('other texts are none', () => {
    for (const text of ['', '{', 'null', '5', '{}', '{"line":0}', '{"line":"3"}', '{"id":"batch_req_x"}', '{"id":7}'])
      assert.equal(readResultLine(text), undefined, text);
  });
});
