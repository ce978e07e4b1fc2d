import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { about, judgePlace, QUESTION, said } from '../../test/fixtures/judge-place.ts';
import { reply } from '../../test/fixtures/raw-server.ts';
import { DataSource } from '../benchmarks/data/data-source.ts';
import { describeEstimate, estimateJudging } from './estimate-judging.ts';
import { judgeAnswers } from './judge-answers.ts';
import { parseJudgeReference } from './parse-judge-reference.ts';
import { probeJudge } from './probe-judge.ts';
import { alpacaProtocol } from './protocols/alpaca-eval.ts';
import { arenaProtocol } from './protocols/arena-hard.ts';
import { hhProtocol } from './protocols/hh-rlhf.ts';

const NO_SOURCE = new DataSource({ folder: '/nowhere', cache: '/nowhere' });
const alpaca = await alpacaProtocol(NO_SOURCE, { prompt: 'own' });
const arena = await arenaProtocol(NO_SOURCE, { prompt: 'own' });

const weighted = said('m', {
  logprobs: {
    content: [
      {
        top_logprobs: [
          { token: 'm', logprob: Math.log(0.8) },
          { token: 'M', logprob: Math.log(0.2) },
        ],
      },
    ],
  },
});

suite('a probe', () => {
  test('finds nothing wrong with a judge that does what is asked, and keeps nothing', async (context) => {
    const { open, lines } = await judgePlace(context, weighted, said('[[A>B]]'), said('[[yes]]'));
    const judge = await open();
    const { faults, latencyMs } = await probeJudge(judge, [alpaca, arena, hhProtocol]);
    assert.deepEqual(faults, []);
    assert.ok(latencyMs > 0);
    await judge.close();
    await assert.rejects(lines(), { code: 'ENOENT' });
  });

  test('tells what a judge lacks for each protocol', async (context) => {
    const refused = reply(400, { error: { message: 'logprobs is not supported' } });
    const { open } = await judgePlace(
      context,
      refused,
      said('m'),
      refused,
      refused,
      said('Both are fine.'),
      said('Both.'),
      said('A'),
      said('[[yes]]'),
    );
    const { faults } = await probeJudge(await open(), [alpaca, alpaca, arena, hhProtocol]);
    assert.deepEqual(
      faults.map(({ protocol, code }) => [protocol, code]),
      [
        ['alpacaeval2 weighted', 'no-logprobs'],
        ['alpacaeval2 weighted', 'no-answer'],
        ['arena-hard v0.1', 'no-verdict'],
      ],
    );
    assert.match(faults[0]!.message, /does not tell the probabilities .* needs: .*400: logprobs is not supported/);
    assert.match(
      faults[2]!.message,
      /judge judge gives no verdict in the form of arena-hard v0\.1, asked 3 times \(it said "A"\)/,
    );
  });

  test('finds that probabilities are not told', async (context) => {
    const { open } = await judgePlace(context, said('m'));
    const { faults } = await probeJudge(await open(), [alpaca]);
    assert.deepEqual(
      faults.map(({ code }) => code),
      ['no-logprobs'],
    );
  });

  test('ends where the judge can be asked nothing', async (context) => {
    const { open } = await judgePlace(context, reply(401, ''));
    await assert.rejects(probeJudge(await open(), [arena]), { code: 'not-allowed' });
  });

  test('measures how many bytes a token has', async (context) => {
    const counted = reply(200, {
      choices: [{ message: { content: '[[A=B]]' } }],
      usage: { prompt_tokens: 100, completion_tokens: 3 },
    });
    const { open } = await judgePlace(context, counted);
    const { bytesPerToken } = await probeJudge(await open(), [arena]);
    const { item, answers } = arena.example;
    const [{ messages } = assert.fail()] = arena.questions(item, answers);
    assert.equal(bytesPerToken, Buffer.byteLength(messages.map(({ content }) => content).join('')) / 100);
  });
});

test('an estimate counts what is not there yet, each once', async (context) => {
  const { open } = await judgePlace(context, said('7'));
  const judge = await open();
  const questions = [QUESTION, QUESTION, about('that')];
  assert.deepEqual(estimateJudging(judge, questions, { repeats: 2, bytesPerToken: 1 }), {
    verdicts: 4,
    found: 0,
    calls: 4,
    promptTokens: 2 * ('Rate this.'.length + 'Rate that.'.length),
    mostReplyTokens: 4 * QUESTION.maxTokens,
  });
  await judge.ask(QUESTION);
  const after = estimateJudging(judge, questions);
  assert.deepEqual([after.calls, after.found], [1, 1]);
  assert.match(
    describeEstimate('judge', after),
    /judge judge is asked 1 times \(1 of 2 questions have been answered\): about 3 tokens to it and at most 20 from it/,
  );
  await judge.ask(about('that'));
  assert.match(describeEstimate('judge', estimateJudging(judge, questions)), /need not be asked: all 2 questions/);
});

suite('answers are judged', () => {
  test('once for each repeat, with grades and games', async (context) => {
    const { open, requests } = await judgePlace(context, said('[[A>>B]]'));
    const judged = await judgeAnswers(await open(), arena, arena.example, { repeats: 2 });
    assert.deepEqual(
      judged.map(({ repeat, grades }) => [repeat, grades]),
      [
        [1, { win: 0.5 }],
        [2, { win: 0.5 }],
      ],
    );
    assert.deepEqual(judged[0]!.games, [
      { answerFirst: false, outcome: 0, weight: 3 },
      { answerFirst: true, outcome: 1, weight: 3 },
    ]);
    assert.equal(requests.length, 4);
  });

  test('and a verdict that is missing is left out, not a tie', async (context) => {
    const { open } = await judgePlace(context, said('[[B>A]]'), said('I like both.'));
    const [{ grades, games, judgments } = assert.fail()] = await judgeAnswers(
      await open({ concurrency: 1, mostReplies: 1 }),
      arena,
      arena.example,
    );
    assert.deepEqual(grades, { win: 1 });
    assert.equal(games.length, 1);
    assert.deepEqual(
      judgments.map(({ failure }) => failure?.code),
      [undefined, 'no-verdict'],
    );
  });
});

test('a judge is named by its address', () => {
  const named = (text: string) => {
    const { engine, address } = parseJudgeReference(text);
    return [engine, address.url, address.model];
  };
  assert.deepEqual(named('https://host/v1#gpt'), ['chat', 'https://host/v1', 'gpt']);
  assert.deepEqual(named('vllm:http://h:1'), ['vllm', 'http://h:1', undefined]);
  assert.throws(() => parseJudgeReference('reward.gguf'), {
    code: 'bad-judge',
    message: /"reward\.gguf" names no chat endpoint: write its address/,
  });
  assert.throws(() => parseJudgeReference('https://me:secret@host'), { code: 'secret-in-address' });
});
