// Judges behind chat endpoints: what is asked, what is reported, and what is asked again.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, suite, test, type TestContext } from 'node:test';
import { evaluationReport } from '../../src/studies/evaluate/evaluation-report.ts';
import { NO_SHARED_DATA, SHARED_DATA } from '../fixtures/shared-data.ts';
import { assertRefused, makePlace, type Place, schemaOf } from './support.ts';

const reportSchema = await schemaOf('evaluation-report');

suite('evaluate with a judge', { concurrency: 2 }, () => {
  let place: Place;
  before(async () => void (place = await makePlace()));
  after(() => place.remove());

  const env = { WELLBEGUN_DATA_DIR: SHARED_DATA };
  const evaluate = (cwd: string, ...args: readonly string[]) =>
    place.run(['evaluate', ...args, '-o', 'out'], { cwd, env });
  const read = async (folder: string) => {
    const value: unknown = JSON.parse(await readFile(join(folder, 'out/report.json'), 'utf8'));
    reportSchema.parse(value);
    return evaluationReport.parse(value).tasks;
  };

  test(
    'a judge behind a chat endpoint is tried, asked once, and stands with its numbers',
    { skip: NO_SHARED_DATA },
    async (context) => {
      let [questions, isDown] = [0, false];
      const server = createServer((request, response) => {
        void text(request).then(() => {
          questions++;
          if (isDown) return response.writeHead(401).end('{"error":{"message":"no"}}');
          const message = { role: 'assistant', content: 'Fair. [[7]]' };
          const choices = [{ index: 0, message, finish_reason: 'stop' }];
          response.setHeader('content-type', 'application/json');
          return response.end(JSON.stringify({ id: 'x', object: 'chat.completion', model: 'wise', choices }));
        });
      });
      await once(server.listen(0, '127.0.0.1'), 'listening');
      context.after(() => server.close());
      const judge = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1#wise`;
      const folder = await place.folderWith([{ prompt: 'hi' }]);
      const args = [
        'mt-bench',
        '--strategies',
        'base',
        '--limit',
        '2',
        '--max-response-tokens',
        '8',
        '--chat-judge',
        judge,
      ];
      const { code, stdout, stderr } = await evaluate(folder, ...args);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /The judge wise is asked \d+ times/);
      assert.match(stdout, /graded by judge wise, mt-bench.*, published prompt/);
      const [task] = await read(folder);
      for (const { measures } of task!.strategies) {
        assert.deepEqual(
          measures.map(({ name, value, graded }) => [name, value, graded]),
          [
            ['rating', 7, 2],
            ['first_turn', 7, 2],
            ['second_turn', 7, 2],
          ],
        );
      }
      const asked = questions;
      isDown = true;
      const again = await evaluate(folder, ...args);
      assert.deepEqual([again.code, again.stdout, questions], [0, stdout, asked]);
      const more = await evaluate(folder, ...args, '--limit', '3');
      assert.equal(more.code, 1);
      assert.match(more.stderr, /WELLBEGUN_CHAT_JUDGE_KEY|not accept|401/);
      assertRefused(await evaluate(folder, 'mt-bench', '--chat-judge', 'nowhere'), {
        code: 2,
        says: /--chat-judge "nowhere" names no chat endpoint/,
      });
    },
  );

  /** A judge that says what `says` does. */
  async function openJudge(context: TestContext, says: (question: string) => object): Promise<string> {
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        response.setHeader('content-type', 'application/json');
        const choices = [{ index: 0, finish_reason: 'stop', ...says(body) }];
        response.end(JSON.stringify({ id: 'x', object: 'chat.completion', model: 'wise', choices }));
      });
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    context.after(() => server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1#wise`;
  }
  const saying = (content: string) => ({ message: { role: 'assistant', content } });

  test(
    'a judge that goes by the order is found out, and what it did not say is asked for again, alone',
    { skip: NO_SHARED_DATA },
    async (context) => {
      let [questions, isSilent] = [0, true];
      const firstOrders = new Map<string, string>();
      const judge = await openJudge(context, (body) => {
        questions++;
        const { messages } = JSON.parse(body) as { messages: { content: string }[] };
        const asked = messages[1]!.content;
        const prompt = asked.slice(0, 60);
        // One order of each item gets no verdict at first; the trial does.
        if (!firstOrders.has(prompt) && !asked.includes('7 times 8')) firstOrders.set(prompt, asked);
        return saying(isSilent && firstOrders.get(prompt) === asked ? 'Hard to say.' : 'The first. [[A>>B]]');
      });
      const folder = await place.folderWith([{ prompt: 'hi' }]);
      const args = ['arena-hard', '--strategies', 'base', '--limit', '3', '--max-response-tokens', '8'];
      const run = (...more: readonly string[]) => evaluate(folder, ...args, '--chat-judge', judge, ...more);
      assert.match((await run()).stdout, /^judge +verdicts +missing +flips/m);
      const before = (await read(folder))[0]!.strategies[0]!;
      // One prompt is longer than the tiny context.
      assert.deepEqual([before.judging!.verdicts, before.judging!.missing], [2, 2]);
      isSilent = false;
      questions = 0;
      const again = await run('--retry-failed');
      // The prompt that does not fit stays a failure.
      assert.match(again.stderr, /prompt-too-long|does not fit|1 failed|fail/);
      const [{ judging, measures }] = [(await read(folder))[0]!.strategies[0]!];
      assert.deepEqual([judging!.verdicts, judging!.missing], [4, 0]);
      assert.deepEqual([judging!.flips!.n, judging!.flips!.rate, judging!.flips!.firstWins], [2, 1, 1]);
      assert.deepEqual(
        measures.map(({ name, value }) => [name, value]),
        [
          ['win_weighted', 0.5],
          ['win', 0.5],
        ],
      );
      // Those without a verdict; the trial's reply is kept, or asked for again.
      assert.ok(questions >= 2 && questions <= 4, `${questions} questions`);
    },
  );

  test('the win rate of AlpacaEval 2 is also told for equal lengths', { skip: NO_SHARED_DATA }, async (context) => {
    // It finds the first output better, more or less surely.
    const judge = await openJudge(context, (body) => {
      const sure = 0.55 + (body.length % 40) / 100;
      const likely = [
        { token: 'm', logprob: Math.log(sure) },
        { token: 'M', logprob: Math.log(1 - sure) },
      ];
      const logprobs = { content: [{ token: 'm', logprob: Math.log(sure), top_logprobs: likely }] };
      return { ...saying('m'), logprobs };
    });
    const folder = await place.folderWith([{ prompt: 'hi' }]);
    const args = ['alpacaeval2', '--strategies', 'base', '--skip', '3', '--limit', '8', '--max-response-tokens', '8'];
    const { code, stderr, stdout } = await evaluate(folder, ...args, '--chat-judge', judge);
    assert.equal(code, 0, stderr);
    const [{ measures, judging }] = [(await read(folder))[0]!.strategies[0]!];
    assert.deepEqual(
      measures.map(({ name, graded }) => [name, graded]),
      [
        ['length_controlled_minimal', 8],
        ['win', 8],
      ],
    );
    assert.ok(measures[0]!.interval![0] <= measures[0]!.value! && measures[0]!.value! <= measures[0]!.interval![1]);
    assert.equal(judging!.flips, null);
    assert.match(stdout, /^length_controlled_minimal +value/m);
    assert.match(stderr, /df_gamed\.csv/);
  });
});
