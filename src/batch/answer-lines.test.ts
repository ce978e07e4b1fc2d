import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CapabilityError, ConfigError, ContextOverflowError, EngineError } from '../core/errors.ts';
import { settingName } from '../core/setting-name.ts';
import { isFailure } from '../recording/failure.ts';
import type { Answer } from './batch-request.ts';
import { shout, traceOf } from '../../test/fixtures/example-batch.ts';
import { answerLines, type AnswerLinesOptions } from './answer-lines.ts';
import type { TextLine } from '../recording/text-line.ts';

type Result = { line: number; text?: string; error?: { code: string; message: string } };

async function* linesOf(texts: readonly string[]): AsyncGenerator<TextLine, void, void> {
  for (const [index, text] of texts.entries()) {
    yield await Promise.resolve({ number: index + 1, bytes: Buffer.from(text), endByte: 0, isWhole: true });
  }
}

const prompts = (count: number) => Array.from({ length: count }, (_, index) => `{"prompt": "p${index + 1}"}`);

/** Runs a batch; gives what it wrote, and what it ended with. */
async function run(texts: readonly string[], options: Partial<AnswerLinesOptions> = {}) {
  const written: string[] = [];
  const append = (_: unknown, line = '') => Promise.resolve(void written.push(line));
  const error: unknown = await answerLines({
    lines: linesOf(texts),
    answer: shout,
    toRecord: ({ text }) => ({ text }),
    output: { append },
    concurrency: 2,
    signal: new AbortController().signal,
    ...options,
  }).catch((reason: unknown) => reason);
  return { error, results: written.map((line) => JSON.parse(line) as Result) };
}

suite('a batch', () => {
  test('answers every line once', async () => {
    const { error, results } = await run(prompts(50), { concurrency: 7 });
    assert.equal(error, undefined);
    const texts = results.toSorted((a, b) => a.line - b.line).map(({ text }) => text);
    assert.deepEqual(
      texts,
      Array.from({ length: 50 }, (_, index) => `P${index + 1}`),
    );
  });

  test('names settings as whoever asked calls them, and in lines of OpenAI as their fields', async () => {
    const answer: Answer = () =>
      Promise.reject(new ConfigError('x', `Lower ${settingName('topP')}, raise ${settingName('context')}.`));
    const chat =
      '{"custom_id": "a", "url": "/v1/chat/completions", "body": {"messages": [{"role": "user", "content": "Hi"}]}}';
    const messages = async (options: Partial<AnswerLinesOptions>) =>
      (await run([...prompts(1), chat], { answer, concurrency: 1, ...options })).results.map(
        ({ error }) => error?.message,
      );
    assert.deepEqual(await messages({}), ['Lower topP, raise context.', 'Lower top_p, raise context.']);
    assert.deepEqual(await messages({ spelling: (name) => `--${name}` }), [
      'Lower --topP, raise --context.',
      'Lower top_p, raise --context.',
    ]);
  });

  test('answers as many at once as it may, and writes each as it finishes', async () => {
    let now = 0;
    let most = 0;
    let others = 0;
    const { promise: allOthers, resolve } = Promise.withResolvers<undefined>();
    const answer: Answer = async ({ messages }) => {
      most = Math.max(most, ++now);
      if (messages[0]!.content === 'p1') await allOthers;
      else {
        await sleep(1);
        if (++others === 11) setImmediate(resolve, undefined);
      }
      now--;
      return traceOf('t');
    };
    const { results } = await run(prompts(12), { answer, concurrency: 3 });
    assert.equal(most, 3);
    assert.equal(results.at(-1)!.line, 1);
  });

  test('a line that cannot be understood or answered fails alone', async () => {
    const answer: Answer = (request, signal) => {
      if (request.messages[0]!.content === 'p2') throw new ContextOverflowError('prompt-too-long', 'Too long.');
      if (request.messages[0]!.content === 'p3') throw new TypeError('a bug');
      return shout(request, signal);
    };
    const told: number[] = [];
    const { error, results } = await run([...prompts(4), 'not json'], {
      answer: async (...words) => await answer(...words),
      concurrency: 1,
      onResult({ line, outcome }) {
        if (isFailure(outcome)) told.push(line);
      },
    });
    assert.equal(error, undefined);
    assert.deepEqual(
      results.map((result) => result.error?.code),
      [undefined, 'prompt-too-long', 'unexpected', undefined, 'bad-json'],
    );
    assert.deepEqual(told, [2, 3, 5]);
  });

  test('an engine that fails line after line ends it, with the failures kept', async () => {
    const answer: Answer = () => Promise.reject(new EngineError('vllm', 'unreachable', 'No answer from http://x.'));
    const { error, results } = await run(prompts(100), { answer, concurrency: 4 });
    assert.ok(error instanceof EngineError);
    assert.match(error.message, /^The last 2\d lines failed.*\(No answer from http:\/\/x\): .*retryFailed\.$/);
    assert.ok(results.length >= 20 && results.length < 30, String(results.length));
    assert.ok(results.every((result) => result.error?.code === 'unreachable'));
  });

  test('an engine that fails now and then does not', async () => {
    let calls = 0;
    const answer: Answer = (...words) =>
      ++calls % 15 === 0 ? shout(...words) : Promise.reject(new EngineError('vllm', 'busy', 'Busy.'));
    const { error, results } = await run(prompts(100), { answer });
    assert.equal(error, undefined);
    assert.equal(results.length, 100);
  });

  const unsupported: Answer = ({ sampling, messages }, signal) => {
    if (messages[0]!.content === 'p2' || sampling?.topK) {
      return Promise.reject(new CapabilityError('unsupported-sampling', '--top-k 5 is not supported.'));
    }
    return shout({ messages }, signal);
  };

  test("what the batch's own settings ask of an engine in vain ends it at once", async () => {
    const { error, results } = await run(prompts(100), { answer: unsupported, concurrency: 1 });
    assert.ok(error instanceof CapabilityError);
    assert.equal(results.length, 1);
  });

  test('what one line asks of an engine in vain is its own failure', async () => {
    const body = { messages: [{ role: 'user', content: 'x' }], temperature: 0.7, top_k: 5 };
    const line = JSON.stringify({ custom_id: 'q', url: '/v1/chat/completions', body });
    const { error, results } = await run([line, '{"prompt": "good"}'], { answer: unsupported, concurrency: 1 });
    assert.equal(error, undefined);
    assert.deepEqual(
      results.map((result) => result.error?.code),
      ['unsupported-sampling', undefined],
    );
  });

  test('a conversation that an engine can not go on with is a failure of its line', async () => {
    const answer: Answer = (request, signal) => {
      if (request.messages[0]!.content !== 'p1') return shout(request, signal);
      return Promise.reject(new CapabilityError('no-prefix', 'The server begins every answer itself.'));
    };
    const { error, results } = await run(prompts(3), { answer, concurrency: 1 });
    assert.equal(error, undefined);
    assert.deepEqual(
      results.map((result) => result.error?.code),
      ['no-prefix', undefined, undefined],
    );
  });

  test('a disk that takes no more ends it, and what was on the way stops', async () => {
    const stopped: unknown[] = [];
    const answer: Answer = async ({ messages }, signal) => {
      if (messages[0]!.content === 'p1') return await sleep(20, traceOf('t'));
      await sleep(10_000, undefined, { signal }).catch((reason: unknown) => stopped.push(reason));
      throw signal.reason as Error;
    };
    const append = () => Promise.reject(new Error('full'));
    const { error } = await run(prompts(9), { answer, output: { append }, concurrency: 3 });
    assert.equal((error as Error).message, 'full');
    assert.equal(stopped.length, 2);
  });

  test('a reader that fails ends it', async () => {
    async function* broken(): AsyncGenerator<TextLine, void, void> {
      yield* linesOf(prompts(3));
      throw new Error('the disk was pulled out');
    }
    const { error, results } = await run([], { lines: broken() });
    assert.equal((error as Error).message, 'the disk was pulled out');
    assert.equal(results.length, 3);
  });

  test('aborted, it begins no further line and writes none that is not finished', async () => {
    const controller = new AbortController();
    let begun = 0;
    const answer: Answer = async (_, signal) => {
      if (++begun === 5) controller.abort(new DOMException('Interrupted', 'AbortError'));
      await sleep(5, undefined, { signal });
      return traceOf('t');
    };
    const { error, results } = await run(prompts(50), { answer, signal: controller.signal });
    assert.equal((error as Error).name, 'AbortError');
    assert.ok(begun <= 6, String(begun));
    assert.ok(results.length < 6);
  });
});
