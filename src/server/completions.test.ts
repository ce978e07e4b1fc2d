import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { openScriptedGateway, readEvents, type ScriptedGateway } from '../../test/fixtures/scripted-gateway.ts';
import { byText, pseudoRandom, writes } from '../engines/scripted/next-token.ts';

interface Choice {
  readonly index: number;
  readonly text: string;
  readonly finish_reason: string | null;
  readonly logprobs: {
    readonly tokens: readonly string[];
    readonly token_logprobs: readonly (number | null)[];
    readonly top_logprobs: readonly (Readonly<Record<string, number>> | null)[] | null;
    readonly text_offset: readonly number[];
  } | null;
  readonly wellbegun?: object;
}

interface Completion {
  readonly object: string;
  readonly choices: readonly Choice[];
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number };
}

/** A base that counts on: after each digit the next one, with 0.75; else `x`. */
const COUNTS = byText((text) => {
  const next = String((Number(text.at(-1)) + 1) % 10);
  return { [next === 'NaN' ? 'x' : next]: 0.75, y: 0.25 };
});

suite('text completions', () => {
  let gateway: ScriptedGateway;
  before(async () => void (gateway = await openScriptedGateway({ base: { next: COUNTS } })));
  after(() => gateway.close());

  const ask = (fields: object) => gateway.post('/v1/completions', { model: 'pair:base', ...fields });
  const complete = async (fields: object) => {
    const response = await ask(fields);
    assert.equal(response.status, 200, await response.clone().text());
    return (await response.json()) as Completion;
  };
  const refused = async (fields: object) => {
    const response = await ask(fields);
    const { error } = (await response.json()) as { error: { message: string; param: string } };
    assert.equal(response.status, 400);
    return error;
  };

  test('go on from the text as it is, for 16 tokens unless told otherwise', async () => {
    const { choices, usage, object } = await complete({ prompt: '12' });
    assert.equal(object, 'text_completion');
    assert.deepEqual([choices[0]?.text, choices[0]?.finish_reason], ['3456789012345678', 'length']);
    assert.deepEqual([usage.prompt_tokens, usage.completion_tokens], [2, 16]);
    assert.deepEqual([...gateway.base.calls.at(-1)!.prefix], [...Buffer.from('12')]);
  });

  test('go on from token ids, and from batches of either, with several choices each', async () => {
    const ids = [...Buffer.from('45')];
    assert.equal((await complete({ prompt: ids, max_tokens: 3 })).choices[0]?.text, '678');
    for (const prompt of [
      [ids, [...Buffer.from('1')]],
      ['45', '1'],
    ]) {
      const { choices, usage } = await complete({ prompt, max_tokens: 2, n: 2 });
      assert.deepEqual(
        choices.map(({ text, index }) => [index, text]),
        [
          [0, '67'],
          [1, '67'],
          [2, '23'],
          [3, '23'],
        ],
      );
      assert.equal(usage.prompt_tokens, 3);
    }
  });

  test('stop where they are told to', async () => {
    assert.equal((await complete({ prompt: '1', stop: ['67'] })).choices[0]?.text, '2345');
  });

  test('with echo and logprobs score the prompt as harnesses read it', async () => {
    // What lm-eval sends for a loglikelihood: it reads token_logprobs[context length:-1], and the most likely tokens.
    const prompt = [...Buffer.from('1239')];
    const { choices } = await complete({ prompt, max_tokens: 1, logprobs: 1, echo: true, temperature: 0, seed: 1234 });
    const { text, logprobs } = choices[0]!;
    assert.equal(text, '12390');
    assert.deepEqual(logprobs?.tokens, ['1', '2', '3', '9', '0']);
    const [first, ...others] = logprobs.token_logprobs;
    assert.equal(first, null);
    assert.deepEqual(others, [Math.log(0.75), Math.log(0.75), -9999, Math.log(0.75)]);
    assert.deepEqual(logprobs.top_logprobs, [
      null,
      ...['2', '3', '4', '0'].map((best) => ({ [best]: Math.log(0.75) })),
    ]);
    assert.deepEqual(logprobs.text_offset, [0, 1, 2, 3, 4]);
    assert.ok(
      logprobs.tokens.slice(1).every((token, i) => token in logprobs.top_logprobs![i + 1]! === (token !== '9')),
    );
  });

  test('may only score', async () => {
    const { choices, usage } = await complete({ prompt: '12', max_tokens: 0, logprobs: 0, echo: true });
    assert.deepEqual([choices[0]?.text, choices[0]?.logprobs?.top_logprobs], ['12', null]);
    assert.deepEqual(choices[0]?.logprobs?.token_logprobs, [null, Math.log(0.75)]);
    assert.equal(usage.completion_tokens, 0);
  });

  test('with echo and logprobs end with the token that ended the text, which harnesses cut off', async () => {
    const ended = await openScriptedGateway({ base: { next: byText(() => ({ '</s>': 0.9, a: 0.1 })) } });
    const body = { model: 'pair:base', prompt: 'ab', max_tokens: 1, logprobs: 1, echo: true };
    const { choices } = (await (await ended.post('/v1/completions', body)).json()) as Completion;
    assert.deepEqual([choices[0]?.text, choices[0]?.finish_reason], ['ab', 'stop']);
    assert.deepEqual(choices[0]?.logprobs?.tokens, ['a', 'b', '</s>']);
    assert.deepEqual(choices[0].logprobs.text_offset, [0, 1, 2]);
    assert.equal(choices[0].logprobs.token_logprobs[2], null);
    const events = await readEvents(await ended.post('/v1/completions', { ...body, stream: true }));
    const streamed = events.flatMap((event) => (event as Partial<Completion>).choices?.[0]?.logprobs?.tokens ?? []);
    assert.deepEqual(streamed, ['a', 'b', '</s>']);
    await ended.close();
  });

  test('stream, with echo, logprobs and offsets that fit the text', async () => {
    const response = await ask({ prompt: '12', max_tokens: 3, echo: true, logprobs: 1, stream: true });
    const events = await readEvents(response);
    assert.equal(events.pop(), '[DONE]');
    const choices = (events as Completion[]).flatMap((chunk) => chunk.choices);
    const text = choices.map((choice) => choice.text).join('');
    assert.equal(text, '12345');
    const tokens = choices.flatMap(({ logprobs }) => logprobs?.tokens ?? []);
    const offsets = choices.flatMap(({ logprobs }) => logprobs?.text_offset ?? []);
    assert.deepEqual(tokens, Array.from(text));
    assert.deepEqual(offsets, [0, 1, 2, 3, 4]);
    assert.equal(choices.at(-1)?.finish_reason, 'length');
  });

  test('have offsets in code points, the same in a stream and in the echo, also within characters', async () => {
    const prompt = 'é🙂 Rain';
    const asked = { prompt, max_tokens: 0, echo: true, logprobs: 0 };
    const [whole] = (await complete(asked)).choices;
    const offsets = whole!.logprobs!.text_offset;
    // Two bytes, four bytes, five of ASCII.
    assert.deepEqual(offsets, [0, 0, 1, 1, 1, 1, 2, 3, 4, 5, 6]);
    const points = Array.from(whole!.text);
    for (const [i, token] of whole!.logprobs!.tokens.entries()) {
      if (/^[ -~]$/.test(token)) assert.equal(points[offsets[i]!], token);
    }
    const events = await readEvents(await ask({ ...asked, stream: true }));
    const streamed = events.flatMap(
      (event) => (event as Partial<Completion>).choices?.[0]?.logprobs?.text_offset ?? [],
    );
    assert.deepEqual(streamed, offsets);
    const emoji = await openScriptedGateway({ base: { next: writes('a🙂b🙂c', { marker: 'é' }) } });
    const body = { model: 'pair:base', prompt: 'é', max_tokens: 11, logprobs: 0, echo: true };
    const written = (await (await emoji.post('/v1/completions', body)).json()) as Completion;
    const chunks = await readEvents(await emoji.post('/v1/completions', { ...body, stream: true }));
    await emoji.close();
    const inChunks = chunks.flatMap(
      (event) => (event as Partial<Completion>).choices?.[0]?.logprobs?.text_offset ?? [],
    );
    assert.deepEqual(written.choices[0]?.logprobs?.text_offset, [0, 0, 1, 2, 2, 2, 2, 3, 4, 4, 4, 4, 5]);
    assert.deepEqual(inChunks, written.choices[0].logprobs.text_offset);
  });

  test('show a part of a character, and a control token, as texts of their own', async () => {
    const prompt = [...Buffer.from('é'), 256];
    const { choices } = await complete({ prompt, max_tokens: 0, logprobs: 0, echo: true });
    assert.deepEqual(choices[0]?.logprobs?.tokens, ['bytes:\\xc3', 'bytes:\\xa9', 'token_id:256']);
    assert.equal(choices[0].text, 'é');
  });

  test('by a pair answer the prompt as a question', async () => {
    const { choices } = await complete({ model: 'pair', prompt: 'Say it.', max_tokens: 4, trace: true, logprobs: 0 });
    assert.equal(choices[0]?.text, 'Well');
    assert.ok(choices[0].wellbegun);
    assert.match(String.fromCharCode(...gateway.draft.calls.at(-1)!.prefix), /\[User\]\nSay it\./);
    assert.equal((await complete({ model: 'pair:draft', prompt: ['a', 'b'], max_tokens: 4 })).choices.length, 2);
  });

  for (const [param, fields] of [
    ['prompt', { prompt: '' }],
    ['prompt', { prompt: [] }],
    ['prompt', { prompt: [1.5] }],
    ['prompt', { prompt: [400] }],
    ['prompt', { prompt: 'x'.repeat(5000) }],
    ['prompt', { model: 'pair', prompt: [65] }],
    ['prompt', { model: 'pair', prompt: ' ' }],
    ['echo', { model: 'pair', prompt: 'a', echo: true }],
    ['echo', { model: 'pair:draft', prompt: 'a', echo: true }],
    ['logprobs', { prompt: 'a', logprobs: 5 }],
    ['logprobs', { prompt: 'a', logprobs: 1, temperature: 1 }],
    ['logprobs', { model: 'pair', prompt: 'a', logprobs: 1 }],
    ['best_of', { prompt: 'a', best_of: 3 }],
    ['suffix', { prompt: 'a', suffix: 'b' }],
    ['gamma', { prompt: 'a', gamma: 0.5 }],
    ['stream_options', { prompt: 'a', stream_options: {} }],
    ['messages', { prompt: 'a', messages: [] }],
  ] as const) {
    test(`are refused for ${JSON.stringify(fields).slice(0, 60)} with the name of ${param}`, async () => {
      assert.equal((await refused(fields)).param, param);
    });
  }
});

suite('token ids for a base whose tokenizer adds BOS', () => {
  /** What comes next depends on all that went before, BOS included. */
  const next = pseudoRandom(5, { endProbability: 0 });
  let gateway: ScriptedGateway;
  before(async () => void (gateway = await openScriptedGateway({ base: { bosText: '<s>', next } })));
  after(() => gateway.close());

  const ids = [...Buffer.from('Rain')];
  const complete = async (model: string, prompt: string | number[]) => {
    const body = { model, prompt, max_tokens: 4, logprobs: 0, echo: true, temperature: 0 };
    const reply = (await (await gateway.post('/v1/completions', body)).json()) as Completion;
    const { text, logprobs } = reply.choices[0]!;
    return { text, logprobs: logprobs!.token_logprobs };
  };

  test('are scored and gone on from as the text is, under the name with +bos', async () => {
    const ofText = await complete('pair:base', 'Rain');
    const ofIds = await complete('pair:base+bos', ids);
    assert.equal(ofIds.text, ofText.text);
    // The text's first token is BOS, which the ids' reply leaves out.
    assert.deepEqual(ofIds.logprobs, ofText.logprobs.slice(1));
    assert.notDeepEqual((await complete('pair:base', ids)).logprobs.slice(1), ofIds.logprobs.slice(1));
  });

  test('get no second one', async () => {
    const { tokens } = (await (await gateway.post('/tokenize', { prompt: 'Rain' })).json()) as { tokens: number[] };
    assert.deepEqual(await complete('pair:base+bos', tokens), await complete('pair:base', 'Rain'));
  });

  test('are named in the log where they are taken as they are, once', async () => {
    const other = await openScriptedGateway({ base: { bosText: '<s>', next } });
    const body = { prompt: ids, max_tokens: 1 };
    for (const model of ['pair:base', 'pair:base', 'pair:base+bos'])
      await (await other.post('/v1/completions', { ...body, model })).json();
    await other.close();
    const warnings = other.log.filter(({ msg }) => /Token ids without BOS/.test(String(msg)));
    assert.deepEqual(
      warnings.map(({ level, model }) => [level, model]),
      [[40, 'pair:base']],
    );
  });

  test('have no such name where there is no base', async () => {
    assert.equal((await gateway.post('/v1/completions', { model: 'pair+bos', prompt: ids })).status, 404);
  });
});
