import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { FakeContext } from '../../../../test/fixtures/fake-context.ts';
import type { GeneratedToken, GenerateOptions, TokenId } from '../../../core/language-model.ts';
import { PassTimes } from '../speculation/pass-times.ts';
import type { TokenProposer } from '../../../core/speculation/token-proposer.ts';
import type { OutputHead } from './output-head.ts';
import { Scheduler } from '../scheduler.ts';
import type { Vocabulary } from '../vocabulary.ts';
import { generateTokens, type GenerationParts } from '../generation/generate-tokens.ts';
import { RowsOnDemand } from './rows-on-demand.ts';

const END = 0 as TokenId;
const PREFIX = [5, 6, 7] as TokenId[];
const OPTIONS = { contextLength: 1000, sequences: 16, batchTokens: 64, batchRows: 32 };

interface Setup {
  /** What the model writes; after that it ends. */
  readonly text: readonly TokenId[];
  /** Whether the shortlist has a token. */
  readonly canGuess?: (token: TokenId) => boolean;
}

/** A model whose states are histories, in a fake context. */
function setUp({ text, canGuess = () => true }: Setup) {
  const context = new FakeContext();
  const scheduler = new Scheduler(context, OPTIONS, { leastShared: 1, head: context });
  /** The states of each confirmation. */
  const confirmed: number[] = [];
  const histories: string[] = [];
  const follows = (history: string): TokenId => text[history.split(',').length - PREFIX.length] ?? END;
  const ofState = ([place]: Float32Array): TokenId => follows(histories[place!]!);
  const head = {
    canGuess,
    isMostOfAPass: true,
    step: 4,
    expect: () => undefined,
    likelyChoices: (states: readonly Float32Array[]) =>
      Promise.resolve(states.map(ofState).map((token) => (canGuess(token) ? token : ((token + 1) as TokenId)))),
    firstChoices(states: readonly Float32Array[]) {
      confirmed.push(states.length);
      return Promise.resolve(states.map(ofState));
    },
  } as Partial<OutputHead> as OutputHead;
  const vocabulary = {
    endsGeneration: (token: TokenId) => token === END,
    decode: (tokens: readonly TokenId[]) => tokens.map((token) => Uint8Array.of(token)),
  } as Partial<Vocabulary> as Vocabulary;
  const shared = { scheduler, vocabulary };
  const onDemand = new RowsOnDemand({
    ...shared,
    id: 'tiny',
    head,
    context: {
      turn: (work) => context.turn(work),
      state: (index: number) => Float32Array.of(histories.push(context.state(index)) - 1),
    },
    statePassTimes: new PassTimes(),
    batchRows: OPTIONS.batchRows,
  });
  const parts: GenerationParts = {
    ...shared,
    sampler: { sample: (index: number) => follows(context.row(index)), close: () => undefined },
    passTimes: new PassTimes(),
    batchRows: OPTIONS.batchRows,
    contextLength: OPTIONS.contextLength,
    fasterRounds: onDemand.rounds.bind(onDemand),
  };
  const open = (options: Partial<GenerateOptions> = {}) =>
    generateTokens(parts, PREFIX, { temperature: 0, maxTokens: 200, proposers: [], ...options });
  const write = async (options: Partial<GenerateOptions> = {}) => {
    const tokens: TokenId[] = [];
    const generation = open(options);
    for (;;) {
      const next = await generation.next();
      if (next.done) return { tokens, finish: next.value };
      tokens.push(next.value.token);
    }
  };
  return { context, scheduler, confirmed, open, write };
}

const upTo = (count: number): TokenId[] => Array.from({ length: count }, (_, i) => (10 + i) as TokenId);

suite('tokens that are confirmed several at a time', () => {
  test('are the ones of whole passes, in passes that leave the logits out', async () => {
    const { context, confirmed, write } = setUp({ text: upTo(40) });
    assert.deepEqual(await write(), { tokens: upTo(40), finish: 'stop' });
    assert.ok(context.outputs.every((output) => output === 'states'));
    assert.equal(context.passes.length, 41);
    assert.deepEqual(confirmed, [8, 12, 12, 9]);
  });

  test('end at the limit, and compute no token more', async () => {
    const { context, write } = setUp({ text: upTo(40) });
    assert.deepEqual(await write({ maxTokens: 9 }), { tokens: upTo(9), finish: 'length' });
    assert.equal(context.passes.length, 9);
  });

  test('are not written past a stop string, of which the prompt holds one', async () => {
    const { confirmed, context, open } = setUp({ text: upTo(40) });
    const generation = open({ stop: [String.fromCodePoint(6, 7), String.fromCodePoint(15, 16)] });
    for (const expected of upTo(7)) assert.equal(((await generation.next()).value as GeneratedToken).token, expected);
    await generation.return('stop');
    assert.deepEqual(confirmed, [7]);
    assert.equal(context.passes.length, 7);
  });

  test('a wrong guess is replaced, and what followed it is written anew', async () => {
    const { confirmed, write } = setUp({ text: upTo(12), canGuess: (token) => token !== 11 });
    assert.deepEqual((await write()).tokens, upTo(12));
    assert.deepEqual(confirmed, [8, 8, 3]);
  });

  test('are filled up to what is multiplied at a time, where proposals made them more', async () => {
    const { confirmed, write } = setUp({ text: upTo(40) });
    const once: TokenProposer = {
      name: 'once',
      msPerToken: 0,
      propose: (tokens, limit) => (tokens.length === PREFIX.length + 7 ? upTo(9).slice(7).slice(0, limit) : []),
    };
    assert.deepEqual((await write({ proposers: [once] })).tokens, upTo(40));
    assert.deepEqual(confirmed, [12, 12, 12, 5]);
  });

  test('proposed ones that hold take no pass of their own', async () => {
    const { context, write } = setUp({ text: upTo(40) });
    const oracle: TokenProposer = {
      name: 'oracle',
      msPerToken: 0,
      propose: (tokens, limit) =>
        upTo(40)
          .slice(tokens.length - PREFIX.length)
          .slice(0, limit),
    };
    assert.deepEqual((await write({ proposers: [oracle] })).tokens, upTo(40));
    assert.ok(context.passes.length < 20, `${context.passes.length} passes`);
  });

  test('expected ones whose states are there take no pass at all', async () => {
    const { context, scheduler, write } = setUp({ text: upTo(9) });
    const tokens = [...PREFIX, ...upTo(5)];
    await scheduler.forward({ tokens, rowsFrom: PREFIX.length - 1, gives: 'states', onRow: () => undefined });
    assert.deepEqual((await write({ expected: upTo(5) })).tokens, upTo(9));
    assert.equal(context.passes.length, 1 + 4);
  });

  test('begin after logits that are there, which take no pass either', async () => {
    const { context, scheduler, write } = setUp({ text: upTo(9) });
    const tokens = [...PREFIX, ...upTo(5)];
    await scheduler.forward({ tokens, rowsFrom: PREFIX.length - 1, onRow: () => undefined });
    assert.deepEqual((await write({ expected: upTo(5) })).tokens, upTo(9));
    assert.deepEqual(context.outputs, ['logits', 'states', 'states', 'states', 'states']);
  });

  test('are not computed before a reader asks for them', async () => {
    const { context, open } = setUp({ text: upTo(40) });
    const generation = open();
    for (const expected of upTo(8)) assert.equal(((await generation.next()).value as GeneratedToken).token, expected);
    for (let i = 0; i < 20; i++) await nextTurn();
    assert.equal(context.passes.length, 8);
    await generation.return('stop');
  });

  test('are left where few of them can be guessed', async () => {
    const { context, write } = setUp({ text: upTo(100), canGuess: (token) => token % 4 !== 0 });
    assert.deepEqual((await write()).tokens, upTo(100));
    assert.ok(context.outputs.slice(-50).every((output) => output === 'logits'));
  });

  test('of several texts share their passes, and are confirmed together', async () => {
    const { context, confirmed, write } = setUp({ text: upTo(40) });
    const texts = await Promise.all([write(), write(), write()]);
    for (const { tokens } of texts) assert.deepEqual(tokens, upTo(40));
    assert.ok(context.outputs.every((output) => output === 'states'));
    assert.ok(context.passes.length < 50, `${context.passes.length} passes`);
    assert.ok(confirmed.filter((states) => states >= 15).length > 5, `${confirmed.join()} states`);
  });

  test('of a text that is left by its reader do not hold up the others', async () => {
    const { open, write } = setUp({ text: upTo(40) });
    const left = new AbortController();
    const leaving = open({ signal: left.signal });
    const [written] = await Promise.all([
      write(),
      leaving.next().then(async () => {
        left.abort();
        await assert.rejects(leaving.next(), { name: 'AbortError' });
      }),
    ]);
    assert.deepEqual(written.tokens, upTo(40));
  });

  for (const [others, logits] of [
    [2, 'that need logits'],
    [15, 'that could guess'],
  ] as const) {
    test(`are left beside ${others} texts ${logits}`, async () => {
      const { context, scheduler, write } = setUp({ text: upTo(30) });
      const couldGuess = logits === 'that could guess';
      const beside = async (other: TokenId[]) => {
        for (let i = 0; i < 30; i++) {
          const asked = { tokens: other, rowsFrom: other.length - 1, couldGuess };
          await scheduler.forward({ ...asked, onRow: () => undefined });
          other.push((100 + i) as TokenId);
        }
      };
      const texts = Array.from({ length: others }, (_, i) => beside([(40 + i) as TokenId]));
      const [written] = await Promise.all([write(), ...texts]);
      assert.deepEqual(written.tokens, upTo(30));
      assert.ok(context.outputs.filter((output) => output === 'states').length < 15);
    });
  }

  test('whatever can be guessed, proposed or expected, alone or together, the text is the same', async () => {
    const token = fc.integer({ min: 1, max: 30 }).map((id) => id as TokenId);
    const tokens = fc.array(token, { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        tokens,
        fc.array(token),
        tokens,
        fc.integer({ min: 1, max: 70 }),
        async (text, unknown, wild, most) => {
          const { write } = setUp({ text, canGuess: (each) => !unknown.includes(each) });
          const proposer: TokenProposer = {
            name: 'half right',
            msPerToken: 0,
            propose: (before, limit) =>
              text
                .slice(before.length - PREFIX.length)
                .map((right, i) => wild[i % 7] ?? right)
                .slice(0, limit),
          };
          const options = { maxTokens: most, proposers: [proposer], expected: wild };
          for (const written of [await write(options), ...(await Promise.all([write(options), write(options)]))]) {
            assert.deepEqual(written.tokens, text.slice(0, most));
            assert.equal(written.finish, most > text.length ? 'stop' : 'length');
          }
        },
      ),
    );
  });
});
