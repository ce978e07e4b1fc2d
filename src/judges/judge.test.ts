import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { about, judgePlace as place, QUESTION, said } from '../../test/fixtures/judge-place.ts';
import { type Answer, breakOff, KEY, reply } from '../../test/fixtures/raw-server.ts';

suite('a judge', () => {
  test('says a verdict once; another run finds it', async (context) => {
    const { open, requests, lines } = await place(context, said('7'), said('3'));
    const first = await open();
    assert.equal(first.lookUp(QUESTION).isThere, false);
    assert.deepEqual(await first.ask(QUESTION), { verdict: 7, words: '7', replies: 1 });
    assert.deepEqual(await first.ask(QUESTION), { verdict: 7, words: '7', replies: 1 });
    await first.close();
    const second = await open();
    assert.equal(second.lookUp(QUESTION).isThere, true);
    assert.equal((await second.ask(QUESTION)).verdict, 7);
    assert.deepEqual([second.tally.found, second.tally.asked, second.tally.servedAs], [1, 0, ['judge-2']]);
    assert.equal((await second.ask(QUESTION, { repeat: 2 })).verdict, 3);
    assert.equal(requests.length, 2);
    assert.deepEqual((JSON.parse((await lines())[0]!) as { request: object }).request, {
      messages: QUESTION.messages,
      maxTokens: 20,
      temperature: 0,
      topLogprobs: 0,
    });
  });

  test('is asked once by two who ask the same at the same time', async (context) => {
    const { open, requests, lines } = await place(context, said('7'));
    const judge = await open();
    await Promise.all([judge.ask(QUESTION), judge.ask(QUESTION), judge.ask(QUESTION)]);
    assert.deepEqual([requests.length, (await lines()).length], [1, 1]);
  });

  test('is another one under another name, for other words or other tokens', async (context) => {
    const { open, requests, url } = await place(context, said('7'));
    await using judge = await open();
    await judge.ask(QUESTION);
    await judge.ask({ ...QUESTION, temperature: 1 });
    await judge.ask({ ...QUESTION, maxTokens: 21 });
    await judge.ask({ ...QUESTION, topLogprobs: 5 });
    await judge.ask(about('that'));
    await judge.close();
    const other = await open({ reference: { engine: 'chat', address: { url, model: 'other' } } });
    await other.ask(QUESTION);
    assert.equal(requests.length, 6);
    await other.close();
    const same = await open({ reference: { engine: 'openai', address: { url: `${url}/v1`, model: 'judge' } } });
    await same.ask(QUESTION);
    assert.equal(requests.length, 6);
  });

  test('is reminded where it gives no verdict, and that is counted', async (context) => {
    const { open, requests } = await place(context, said('Well…'), said('7'));
    const judge = await open();
    assert.deepEqual(await judge.ask(QUESTION), { verdict: 7, words: '7', replies: 2 });
    assert.deepEqual([judge.tally.asked, judge.tally.withoutVerdict, judge.tally.failed], [2, 1, 0]);
    await judge.close();
    const again = await open();
    assert.equal((await again.ask(QUESTION)).replies, 2);
    assert.equal(requests.length, 2);
  });

  test('without a verdict gives a failure, never a tie; asked again only on demand', async (context) => {
    const { open, requests } = await place(context, said('Hm'), said('Hm'), said('Both are fine'), said('4'));
    const judge = await open();
    const { failure, words } = await judge.ask(QUESTION);
    assert.deepEqual([failure?.code, words], ['no-verdict', 'Both are fine']);
    assert.match(failure!.message, /no verdict .* "Both are fine"/);
    await judge.close();
    const same = await open();
    assert.equal((await same.ask(QUESTION)).failure?.code, 'no-verdict');
    assert.equal(requests.length, 3);
    await same.close();
    const retried = await open({ retryFailed: true });
    assert.equal((await retried.ask(QUESTION)).verdict, 4);
    assert.equal(requests.length, 4);
    await retried.close();
    assert.equal((await (await open()).ask(QUESTION)).verdict, 4);
  });

  test('that may reply more often than before is asked on', async (context) => {
    const { open, requests } = await place(context, said('Hm'), said('4'));
    const judge = await open({ mostReplies: 1 });
    assert.equal((await judge.ask(QUESTION)).failure?.code, 'no-verdict');
    await judge.close();
    assert.equal((await (await open({ mostReplies: 2 })).ask(QUESTION)).verdict, 4);
    assert.equal(requests.length, 2);
  });

  test('that refuses is not pressed', async (context) => {
    const { open, requests } = await place(
      context,
      reply(200, { choices: [{ message: { content: null, refusal: "I can't help with that." } }] }),
      said('', { finish_reason: 'content_filter' }),
      reply(400, { error: { message: 'content management policy' } }),
    );
    const judge = await open();
    const failures = [];
    for (const subject of ['a', 'b', 'c']) failures.push((await judge.ask(about(subject))).failure);
    assert.deepEqual(
      failures.map((failure) => failure?.code),
      ['judge-refused', 'judge-refused', 'refused'],
    );
    assert.match(failures[0]!.message, /would not judge this \("I can't help with that\."\)/);
    assert.match(failures[2]!.message, /400: content management policy/);
    assert.deepEqual([requests.length, judge.tally.failed], [3, 3]);
  });

  test('thinks aloud without harm', async (context) => {
    const { open } = await place(context, said('<think>3 or 4?</think>\n5'));
    assert.equal((await (await open()).ask(QUESTION)).verdict, 5);
  });

  test('never has its key in the file', async (context) => {
    const { open, store } = await place(context, said(`your key is ${KEY}`), reply(400, `no ${KEY}`));
    const judge = await open({ mostReplies: 1 });
    await judge.ask(QUESTION);
    await judge.ask(about('that'));
    assert.ok(!(await readFile(store, 'utf8')).includes(KEY));
  });
});

suite('what a broken judge says is one failure', () => {
  const BROKEN: Readonly<Record<string, { readonly answer: Answer; readonly code: string }>> = {
    'no JSON': { answer: reply(200, 'hello'), code: 'bad-reply' },
    'cut JSON': { answer: reply(200, '{"choices":[{"message":{"content":"7"}'), code: 'bad-reply' },
    'no choices': { answer: reply(200, { choices: [] }), code: 'bad-reply' },
    'a number in place of text': { answer: said(7), code: 'bad-reply' },
    'a positive logprob': {
      answer: said('7', { logprobs: { content: [{ top_logprobs: [{ token: '7', logprob: 0.5 }] }] } }),
      code: 'bad-reply',
    },
    'logprobs that are texts': { answer: said('7', { logprobs: { content: ['7'] } }), code: 'bad-reply' },
    'an answer that it aborts': { answer: said('7', { finish_reason: 'abort' }), code: 'bad-reply' },
    'a status of 500': { answer: reply(500, { error: { message: 'out of memory' } }), code: 'server-failed' },
    'a connection that breaks': { answer: breakOff, code: 'connection-lost' },
    silence: { answer: () => undefined, code: 'timeout' },
  };
  for (const [name, { answer, code }] of Object.entries(BROKEN)) {
    test(name, async (context) => {
      const { open, lines } = await place(context, answer);
      const judge = await open({ timeoutMs: 300 });
      const { failure } = await judge.ask(QUESTION);
      assert.equal(failure?.code, code, failure?.message);
      assert.equal((await lines()).length, 1);
      assert.deepEqual([judge.tally.failed, judge.tally.withoutVerdict], [1, 0]);
    });
  }

  test('but twenty in a row end it, and the verdicts before them stay', async (context) => {
    const { open, lines } = await place(context, said('7'), reply(500, 'no'));
    const judge = await open();
    await judge.ask(QUESTION);
    const asked = async () => {
      for (let number = 1; ; number++) await judge.ask(about(String(number)));
    };
    await assert.rejects(asked(), { code: 'engine-failing', message: /last 20 questions to the judge failed.*500/ });
    assert.equal((await lines()).length, 21);
  });
});

suite('nothing is judged, and nothing kept, where', () => {
  test('the judge is not there', async (context) => {
    const { open, server } = await place(context, said('7'));
    const judge = await open();
    server.close();
    server.closeAllConnections();
    await assert.rejects(judge.ask(QUESTION), { code: 'unreachable', message: /can't be reached/ });
  });

  const ALL: Readonly<Record<string, { readonly status: number; readonly code: string }>> = {
    'the key is wrong': { status: 401, code: 'not-allowed' },
    'the model is not there': { status: 404, code: 'not-found' },
  };
  for (const [name, { status, code }] of Object.entries(ALL)) {
    test(name, async (context) => {
      const { open, lines } = await place(context, reply(status, { error: { message: 'no' } }));
      await assert.rejects((await open()).ask(QUESTION), { code });
      await assert.rejects(lines(), { code: 'ENOENT' });
    });
  }

  test('it is stopped', async (context) => {
    const { open } = await place(context, () => undefined);
    const judge = await open();
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 50);
    const asked = ['a', 'b'].map((subject) => judge.ask(about(subject), { signal: stop.signal }));
    for (const question of asked) await assert.rejects(question, { name: 'AbortError' });
  });
});

suite('a judge that limits the rate', () => {
  test('is waited for as long as it asks, by all at once, with a word', async (context) => {
    const limited = reply(429, { error: { message: 'slow down' } }, { 'retry-after': '1' });
    const { open, requests } = await place(context, limited, limited, said('7'));
    const notices: string[] = [];
    const judge = await open({ notice: (text) => notices.push(text) });
    const startMs = performance.now();
    const judgments = await Promise.all([judge.ask(about('a')), judge.ask(about('b'))]);
    assert.deepEqual(
      judgments.map(({ verdict }) => verdict),
      [7, 7],
    );
    assert.ok(performance.now() - startMs >= 990);
    assert.equal(requests.length, 4);
    assert.equal(notices.length, 1, notices.join('\n'));
    assert.match(notices[0]!, /judge judge is busy \(429: slow down\): asking again in 1 s, at \d\d:\d\d:\d\d/);
  });

  test('for longer than is waited ends at once, with what to do', async (context) => {
    const { open, requests, lines } = await place(context, reply(429, 'later', { 'retry-after': '7200' }));
    await assert.rejects((await open()).ask(QUESTION), {
      code: 'rate-limited',
      message:
        /wants to be asked again in 120 minutes \(429: later\), and a wait may take 60 minutes in all: give the same/,
    });
    assert.equal(requests.length, 1);
    await assert.rejects(lines(), { code: 'ENOENT' });
  });

  test('without a time is asked again ever more seldom, and not for ever', async (context) => {
    const { open, requests } = await place(context, reply(503, ''));
    const judge = await open({ firstBusyWaitMs: 10, mostBusyMs: 200 });
    await assert.rejects(judge.ask(QUESTION), { code: 'rate-limited', message: /has been busy \(503\)/ });
    // After 10, 20, 40 and 80 ms; the next wait would be too long.
    assert.equal(requests.length, 5);
  });
});
