import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { DecodeEvent, DecodeTrace } from '../../core/decode-event.ts';
import type { DecodeRequest, DecodingStrategy } from '../../core/decoding-strategy.ts';

export interface StrategyFixtures {
  /** Opens the strategy anew, with models that write at least eight tokens of several kinds of text. */
  readonly open: () => DecodingStrategy;
  readonly request: Pick<DecodeRequest, 'messages' | 'sampling'>;
  /** How many calls of its models are not over. */
  readonly openCalls?: () => number;
}

interface Response {
  readonly events: readonly DecodeEvent[];
  readonly trace: DecodeTrace;
}

/** What every strategy promises, whatever it writes; with models that say the same to the same question. */
export function describeStrategy(name: string, fixtures: StrategyFixtures): void {
  const respond = async (more: Partial<DecodeRequest> = {}): Promise<Response> => {
    const events: DecodeEvent[] = [];
    const response = fixtures.open().decode({ ...fixtures.request, maxTokens: 40, ...more });
    for (;;) {
      const next = await response.next();
      if (next.done) return { events, trace: next.value };
      events.push(next.value);
    }
  };
  const assertIdle = () => assert.equal(fixtures.openCalls?.() ?? 0, 0, 'calls of models are left open');

  void suite(`${name} keeps what every strategy promises`, () => {
    describeEvents(name, respond, assertIdle);
    describeLimits(respond);
    describeEndings(fixtures, respond, assertIdle);
  });
}

type Respond = (more?: Partial<DecodeRequest>) => Promise<Response>;

function describeEvents(name: string, respond: Respond, assertIdle: () => void): void {
  void test('it begins once, ends once, and its tokens are its text', async () => {
    const { events, trace } = await respond();
    assert.deepEqual(events[0], { type: 'decode-start', strategy: name, models: trace.models });
    assert.equal(events.filter(({ type }) => type === 'decode-start' || type === 'decode-end').length, 2);
    const last = events.at(-1)!;
    assert.ok(last.type === 'decode-end' && last.trace === trace);
    assert.equal(textOf(events), trace.text);
    assert.ok(trace.text.length >= 8 && trace.text.isWellFormed());
    assertIdle();
  });

  void test('usage counts its tokens', async () => {
    const { usage, tokens } = (await respond()).trace;
    const of = (source: string) => tokens.filter((token) => token.source === source).length;
    assert.deepEqual([usage.keptDraftTokens, usage.baseTokens], [of('draft'), of('base')]);
    assert.equal(usage.totalTokens, usage.promptTokens + tokens.length);
    assert.ok(usage.promptTokens > 0 && (usage.discardedTokens ?? 0) >= 0);
    assert.ok(usage.draftTokens === 0 || usage.draftTokens + usage.baseTokens > 0);
  });

  void test('a seed repeats it, and times are told', async () => {
    const sampling = { temperature: 1, seed: 7 };
    const [first, second] = [await respond({ sampling }), await respond({ sampling })];
    assert.equal(first.trace.text, second.trace.text);
    const { totalMs, ...parts } = first.trace.timings;
    assert.ok(Object.values(parts).every((ms) => ms === undefined || (ms >= 0 && ms <= totalMs)));
  });

  void test('tokens have logprobs where they are asked for', async () => {
    const { tokens } = (await respond({ logprobs: true })).trace;
    assert.ok(tokens.every(({ logprob }) => logprob !== undefined && logprob <= 0));
  });
}

function describeLimits(respond: Respond): void {
  void test('a limit of the whole response holds, and is the reason', async () => {
    const whole = await respond();
    for (const maxResponseTokens of [1, 3]) {
      const { trace } = await respond({ maxResponseTokens });
      assert.deepEqual([trace.tokens.length, trace.finishReason], [maxResponseTokens, 'length']);
      assert.ok(whole.trace.text.startsWith(trace.text));
    }
  });

  void test('a limit of the finishing model holds', async () => {
    const { trace } = await respond({ maxTokens: 3 });
    const { baseTokens, keptDraftTokens } = trace.usage;
    assert.ok((baseTokens || keptDraftTokens) <= 3);
  });

  void test('a stop string is held back, cut, and is the reason', async () => {
    const { text } = (await respond()).trace;
    const stop = text.slice(4, 7);
    const { events, trace } = await respond({ stop: [stop] });
    assert.deepEqual([trace.text, trace.finishReason], [text.slice(0, text.indexOf(stop)), 'stop']);
    assert.equal(textOf(events), trace.text);
    // The beginning of a stop string that does not come is given in the end.
    assert.equal((await respond({ stop: [`${text.slice(-2)}never`] })).trace.text, text);
  });
}

function describeEndings({ open, request }: StrategyFixtures, respond: Respond, assertIdle: () => void): void {
  void test('an abort ends it: before it begins, and at any token', async () => {
    const { events } = await respond();
    for (let after = 0; after < events.length - 1; after += 3) {
      const controller = new AbortController();
      const response = open().decode({ ...request, maxTokens: 40, signal: controller.signal });
      const seen: DecodeEvent[] = [];
      for (let i = 0; i < after; i++) seen.push((await response.next()).value as DecodeEvent);
      controller.abort();
      const rest = readAll(response, seen);
      // What was computed before may still come, and then its end; what needs a model does not.
      await rest.then(
        () => assert.ok(seen.length <= events.length),
        (error: unknown) => assert.equal((error as Error).name, 'AbortError'),
      );
      assertIdle();
    }
    const aborted = open().decode({ ...request, signal: AbortSignal.abort() });
    await assert.rejects(readAll(aborted, []), { name: 'AbortError' });
  });

  void test('leaving it stops its models', async () => {
    const response = open().decode({ ...request, maxTokens: 40 });
    await response.next();
    await response.next();
    await response.return(undefined as never);
    assertIdle();
  });

  void test('a conversation that ends with the beginning of an answer is answered', async () => {
    const begun = [...request.messages, { role: 'assistant', content: 'O' } as const];
    const { trace, events } = await respond({ messages: begun });
    assert.equal(textOf(events), trace.text);
  });

  void test('responses at the same time do not disturb one another', async () => {
    const alone = (await respond()).trace.text;
    const strategy = open();
    const both = await Promise.all([1, 2].map(() => readAll(strategy.decode({ ...request, maxTokens: 40 }), [])));
    assert.deepEqual(
      both.map((trace) => trace.text),
      [alone, alone],
    );
  });
}

async function readAll(
  response: AsyncGenerator<DecodeEvent, DecodeTrace, void>,
  seen: DecodeEvent[],
): Promise<DecodeTrace> {
  for (;;) {
    const next = await response.next();
    if (next.done) return next.value;
    seen.push(next.value);
  }
}

function textOf(events: readonly DecodeEvent[]): string {
  return events.map((event) => (event.type === 'token' ? event.text : '')).join('');
}
