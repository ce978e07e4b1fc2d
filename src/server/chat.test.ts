import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { OF_ANY_CLIENT } from '../../test/fixtures/of-any-client.ts';
import {
  ANSWER,
  openScriptedGateway,
  readEvents,
  type ScriptedGateway,
  SWITCH_INDEX,
} from '../../test/fixtures/scripted-gateway.ts';
import { pseudoRandom } from '../engines/scripted/next-token.ts';

interface Chunk {
  readonly id: string;
  readonly created: number;
  readonly model: string;
  readonly object: string;
  readonly choices: readonly {
    readonly index: number;
    readonly delta: { readonly role?: string; readonly content?: string };
    readonly logprobs: { readonly content: readonly { readonly token: string; readonly logprob: number }[] } | null;
    readonly finish_reason: string | null;
  }[];
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number } | null;
  readonly wellbegun?: {
    readonly tokens?: readonly { readonly source: string; readonly text: string; readonly window: number | null }[];
    readonly trace?: { readonly switch: { readonly index: number; readonly reason: string } };
  };
}

interface Completion {
  readonly choices: readonly {
    readonly index: number;
    readonly message: { readonly role: string; readonly content: string };
    readonly logprobs: { readonly content: readonly { readonly token: string; readonly logprob: number }[] } | null;
    readonly finish_reason: string;
    readonly wellbegun?: Chunk['wellbegun'];
  }[];
  readonly usage: { readonly prompt_tokens: number; readonly completion_tokens: number; readonly total_tokens: number };
}

const textOf = (chunks: readonly Chunk[], index = 0) =>
  chunks
    .flatMap(({ choices }) => choices)
    .filter((choice) => choice.index === index)
    .map(({ delta }) => delta.content ?? '')
    .join('');

suite('chat completions', () => {
  test('a history as OpenAI and others give it is taken, where what is more in it is empty', async () => {
    const gateway = await openScriptedGateway();
    const none = { refusal: null, tool_calls: [], annotations: [], audio: null, function_call: null };
    const part = { type: 'text', text: 'Say it.', cache_control: { type: 'ephemeral' } };
    const messages = [
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: null, ...none, reasoning_content: '' },
      { role: 'user', content: [part] },
    ];
    const reply = await gateway.chat({ messages });
    assert.equal(reply.status, 200, await reply.text());
    await gateway.close();
  });

  test('what is configured holds where the request says nothing', async () => {
    const gateway = await openScriptedGateway({ decode: { maxResponseTokens: 9, maxTokens: 5 } });
    const tokens = async (fields: object) => {
      const { usage } = (await (await gateway.chat(fields)).json()) as { usage: { completion_tokens: number } };
      return usage.completion_tokens;
    };
    assert.deepEqual([await tokens({}), await tokens({ max_tokens: 12 })], [9, 12]);
    assert.equal(await tokens({ model: 'pair:base' }), 5);
    await gateway.close();
  });

  let gateway: ScriptedGateway;
  before(async () => void (gateway = await openScriptedGateway()));
  after(() => gateway.close());

  const complete = async (fields?: object) => (await (await gateway.chat(fields)).json()) as Completion;
  const stream = async (fields?: object) => {
    const events = await readEvents(await gateway.chat({ stream: true, ...fields }));
    assert.equal(events.pop(), '[DONE]');
    return events as Chunk[];
  };

  test('an answer as one object has text, reason and counts', async () => {
    const { choices, usage } = await complete();
    assert.equal(choices.length, 1);
    assert.deepEqual(choices[0]?.message, { role: 'assistant', content: ANSWER, refusal: null });
    assert.equal(choices[0].finish_reason, 'stop');
    assert.equal(choices[0].logprobs, null);
    assert.equal(usage.completion_tokens, ANSWER.length);
    assert.equal(usage.prompt_tokens, '\n\n[User]\nSay it.\n\n[Assistant]\n'.length);
    assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
  });

  test('a question that announces no length is answered like any other', async () => {
    const question = { model: 'pair', messages: [{ role: 'user', content: 'Say it.' }] };
    const response = await gateway.chat({}, { body: new Blob([JSON.stringify(question)]).stream(), duplex: 'half' });
    const { choices } = (await response.json()) as Completion;
    assert.equal(choices[0]?.message.content, ANSWER);
  });

  test('a stream has the role first, then text, then the reason, on one id', async () => {
    const response = await gateway.chat({ stream: true });
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
    assert.equal(response.headers.get('cache-control'), 'no-cache');
    const chunks = await stream();
    assert.deepEqual(chunks[0]?.choices[0]?.delta, { role: 'assistant', content: '' });
    assert.equal(textOf(chunks), ANSWER);
    const reasons = chunks.map(({ choices }) => choices[0]?.finish_reason);
    assert.deepEqual([reasons.pop(), new Set(reasons)], ['stop', new Set([null])]);
    assert.equal(new Set(chunks.map(({ id, created, model, object }) => [id, created, model, object].join())).size, 1);
    assert.ok(chunks.every((chunk) => !('usage' in chunk)));
    await response.text();
  });

  test('usage comes in a last chunk without choices where it was asked for', async () => {
    const chunks = await stream({ stream_options: { include_usage: true } });
    const last = chunks.pop();
    assert.deepEqual(last?.choices, []);
    assert.equal(last.usage?.completion_tokens, ANSWER.length);
    assert.ok(chunks.every(({ usage }) => usage === null));
  });

  test('several choices each have their index and their end', async () => {
    const chunks = await stream({ n: 3 });
    for (const index of [0, 1, 2]) assert.equal(textOf(chunks, index), ANSWER);
    const ends = chunks.flatMap(({ choices }) => choices).filter(({ finish_reason }) => finish_reason !== null);
    assert.deepEqual(ends.map(({ index }) => index).toSorted(), [0, 1, 2]);
    const { choices, usage } = await complete({ n: 3 });
    assert.deepEqual(
      choices.map(({ message, index }) => [index, message.content]),
      [0, 1, 2].map((i) => [i, ANSWER]),
    );
    assert.equal(usage.completion_tokens, 3 * ANSWER.length);
  });

  test('a stop string ends the response across the switch and is no part of it', async () => {
    const stop = ANSWER.slice(SWITCH_INDEX - 2, SWITCH_INDEX + 3);
    for (const stops of [stop, ['nothing', stop]]) {
      const { choices } = await complete({ stop: stops });
      assert.deepEqual(
        [choices[0]?.message.content, choices[0]?.finish_reason],
        [ANSWER.slice(0, SWITCH_INDEX - 2), 'stop'],
      );
      assert.equal(textOf(await stream({ stop: stops })), ANSWER.slice(0, SWITCH_INDEX - 2));
    }
  });

  test('max_tokens counts the drafted tokens too, under both of its names', async () => {
    for (const most of [1, SWITCH_INDEX - 1, SWITCH_INDEX, SWITCH_INDEX + 5]) {
      for (const fields of [{ max_tokens: most }, { max_completion_tokens: most }]) {
        const { choices, usage } = await complete(fields);
        assert.equal(choices[0]?.message.content, ANSWER.slice(0, most));
        assert.equal(choices[0].finish_reason, 'length');
        assert.equal(usage.completion_tokens, most);
      }
    }
  });

  test('logprobs are those of the base, of drafted and of its own tokens', async () => {
    const { choices } = await complete({ logprobs: true });
    const content = choices[0]?.logprobs?.content ?? [];
    assert.equal(content.map(({ token }) => token).join(''), ANSWER);
    assert.ok(content.every(({ logprob }) => logprob === 0));
    const chunks = await stream({ logprobs: true });
    const streamed = chunks.flatMap((chunk) => chunk.choices[0]?.logprobs?.content ?? []);
    assert.deepEqual(streamed, content);
  });

  test('trace and sources are told where they are asked for, and else nothing of wellbegun', async () => {
    const plain = await stream();
    assert.ok(plain.every((chunk) => !('wellbegun' in chunk)));
    const chunks = await stream({ trace: true, token_source: true });
    const tokens = chunks.flatMap(({ wellbegun }) => wellbegun?.tokens ?? []);
    assert.equal(tokens.map(({ text }) => text).join(''), ANSWER);
    assert.deepEqual(
      tokens.map(({ source }) => source),
      Array.from(ANSWER, (_, i) => (i < SWITCH_INDEX ? 'draft' : 'base')),
    );
    const { wellbegun } = chunks.at(-1)!;
    assert.deepEqual([wellbegun?.trace?.switch.index, wellbegun?.trace?.switch.reason], [SWITCH_INDEX, 'confident']);
    const { choices } = await complete({ trace: true });
    assert.equal(choices[0]?.wellbegun?.trace?.switch.index, SWITCH_INDEX);
  });

  for (const [fields, index, reason] of [
    [{ window: 3 }, 3, 'confident'],
    [{ gamma: 0.99 }, 6, 'confident'],
    [{ criterion: 'after(9, always)' }, 9, 'confident'],
    [{ criterion: 'never' }, 12, 'draft-ended'],
    [{ max_draft: 4 }, 4, 'draft-limit'],
  ] as const) {
    test(`${JSON.stringify(fields)} holds for this request`, async () => {
      const { choices } = await complete({ ...fields, trace: true });
      const taken = choices[0]?.wellbegun?.trace?.switch;
      assert.deepEqual([taken?.index, taken?.reason, choices[0]?.message.content], [index, reason, ANSWER]);
    });
  }

  test('on_no_switch: stop ends with the draft', async () => {
    const { choices } = await complete({ criterion: 'never', on_no_switch: 'stop' });
    assert.equal(choices[0]?.message.content, ANSWER.slice(0, 12));
  });

  test('each model alone answers under its own name', async () => {
    const answers = await Promise.all(['pair:base', 'pair:draft'].map((model) => complete({ model, logprobs: true })));
    assert.deepEqual(
      answers.map(({ choices }) => choices[0]?.message.content),
      [ANSWER, ANSWER.slice(0, 12)],
    );
    assert.ok(answers.every(({ choices }) => choices[0]?.logprobs?.content.every(({ logprob }) => logprob === 0)));
  });

  test('an end of the stream is told without padding', async () => {
    const fields = { stream: true, stream_options: { include_usage: true, include_obfuscation: false } };
    assert.equal((await gateway.chat(fields)).status, 200);
  });

  test('text parts, developer messages, null fields and what asks for nothing are taken', async () => {
    const { choices } = await complete({
      messages: [
        { role: 'developer', content: 'Be brief.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Say ' },
            { type: 'text', text: 'it.' },
          ],
        },
      ],
      ...OF_ANY_CLIENT,
      ...{ stop: null, stream_options: null, logit_bias: null },
    });
    assert.equal(choices[0]?.message.content, ANSWER);
    const prompt = new TextDecoder().decode(Uint8Array.from(gateway.base.calls.at(-1)?.prefix ?? []));
    assert.match(prompt, /\[System\]\nBe brief\.\n\n\[User\]\nSay it\./);
  });
});

suite('sampled choices', () => {
  let gateway: ScriptedGateway;
  before(async () => {
    const next = pseudoRandom(3, { endProbability: 0.02 });
    gateway = await openScriptedGateway({ base: { next }, draft: { next } });
  });
  after(() => gateway.close());

  const texts = async (fields: object) => {
    const response = await gateway.chat({ max_tokens: 20, temperature: 1, ...fields });
    const { choices } = (await response.json()) as Completion;
    return choices.map(({ message }) => message.content);
  };

  test('of a seed are the same each time, and differ from one another', async () => {
    const first = await texts({ seed: 7, n: 3 });
    assert.deepEqual(await texts({ seed: 7, n: 3 }), first);
    assert.equal(new Set(first).size, 3);
    const others = await texts({ seed: 8, n: 3 });
    assert.equal(new Set([...first, ...others]).size, 6, 'the choices of two seeds are others');
    assert.deepEqual(await texts({ seed: 7 + 2 ** 32, n: 1 }), first.slice(0, 1));
  });

  test('of top_k 1 are the greedy ones', async () => {
    const greedy = await texts({ temperature: 0 });
    assert.deepEqual(await texts({ top_k: 1 }), greedy);
    assert.deepEqual(await texts({ top_p: 1e-9 }), greedy);
    assert.deepEqual(await texts({ min_p: 1 }), greedy);
  });
});
