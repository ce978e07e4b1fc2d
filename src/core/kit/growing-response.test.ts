import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { knownBase, MESSAGES, writing } from '../../../test/fixtures/known-base.ts';
import { knownDraft } from '../../../test/fixtures/known-draft.ts';
import { scriptedReward } from '../../engines/scripted/scripted-reward.ts';
import { scriptedWriter } from '../../engines/scripted/scripted-writer.ts';
import type { DecodeEvent } from '../decode-event.ts';
import type { DecodeRequest } from '../decoding-strategy.ts';
import type { TokenId } from '../language-model.ts';
import type { DecoderModels } from './decoder-models.ts';
import { GrowingResponse } from './growing-response.ts';

const TEXT = 'Rain fell.';
/** Of the prompt in the form of `knownBase`, a token a byte. */
const PROMPT_TOKENS = Buffer.byteLength('\n\n[User]\nHi\n\n[Assistant]\n');

function open(request: Partial<DecodeRequest> = {}, models: DecoderModels = knownBase(writing(TEXT))) {
  return GrowingResponse.open(models, ['base'], { messages: MESSAGES, ...request });
}

const letter = (text: string) => ({ token: text.charCodeAt(0) as TokenId, bytes: Buffer.from(text) });

const textOf = (events: readonly DecodeEvent[]) =>
  events.map((event) => (event.type === 'token' ? event.text : '')).join('');

async function written(response: GrowingResponse): Promise<string> {
  const events: DecodeEvent[] = [];
  for await (const event of response.write()) events.push(event);
  return textOf(events);
}

suite('a response that grows', () => {
  test('begins with the prompt in the tokens of the base', async () => {
    const response = await open();
    assert.equal(response.tokens.length, PROMPT_TOKENS);
    assert.equal(response.record.promptTokens, PROMPT_TOKENS);
    assert.deepEqual([response.text, response.shown, response.written, response.isWhole], ['', '', 0, true]);
  });

  test('takes tokens that the base has, and no others', async () => {
    const models = knownBase(writing(TEXT));
    const response = await open({}, models);
    const size = models.base.info.vocabularySize!;
    assert.equal(textOf(response.add(letter('R'))), 'R');
    assert.throws(() => response.add({ token: size as TokenId, bytes: Buffer.from('x') }), RangeError);
    // An id of the draft's own vocabulary may be any.
    assert.equal(textOf(response.add({ token: size as TokenId, bytes: Buffer.from('a') }, 'draft')), 'a');
    assert.equal(response.tokens.length, PROMPT_TOKENS + 1);
    assert.deepEqual([response.text, response.written], ['Ra', 2]);
  });

  test('has as many tokens left as its limits and the context allow', async () => {
    const ofContext = await open({}, knownBase(writing(TEXT), { contextLength: PROMPT_TOKENS + 3 }));
    assert.equal(ofContext.left, 3);
    for (const text of 'Rain') ofContext.add(letter(text));
    assert.deepEqual([ofContext.text, ofContext.left], ['Rai', 0]);

    const ofBase = await open({ maxTokens: 2 });
    ofBase.add(letter('R'), 'draft');
    assert.deepEqual([ofBase.left, ofBase.baseLeft], [1, 2]);
    for (const text of 'ain') ofBase.add(letter(text));
    assert.deepEqual([ofBase.text, ofBase.baseLeft], ['Rai', 0]);

    const ofAll = await open({ maxResponseTokens: 3 });
    ofAll.add(letter('R'));
    assert.deepEqual([ofAll.left, ofAll.baseLeft], [2, 2]);
    assert.equal(await written(ofAll), 'ai');
    assert.equal(ofAll.left, 0);
  });

  test('adds texts of others in the tokens of the base, up to its limits', async () => {
    const response = await open({ maxTokens: 4 });
    assert.equal(textOf(await response.addText('Ra')), 'Ra');
    assert.equal(response.tokens.length, PROMPT_TOKENS + 2);
    assert.equal(textOf(await response.addText('in fell')), 'in');
    assert.equal(textOf(await response.addText(' fell')), '');
    assert.deepEqual([response.text, response.tokens.length], ['Rain', PROMPT_TOKENS + 4]);
  });

  test('ends at a stop string, which is not shown, and takes nothing more', async () => {
    const response = await open({ stop: ['in'] });
    assert.equal(await written(response), 'Ra');
    assert.deepEqual([response.text, response.shown, response.left], ['Rain', 'Ra', 0]);
    assert.deepEqual(response.add(letter('x')), []);
    assert.equal(response.text, 'Rain');
  });

  test('knows where a character is whole', async () => {
    const response = await open();
    const [first, ...rest] = Buffer.from('é');
    response.add({ token: first as TokenId, bytes: Uint8Array.of(first!) });
    assert.deepEqual([response.isWhole, response.text], [false, '']);
    assert.ok(response.isWholeWith([Uint8Array.from(rest)]));
    assert.equal(response.textWith([Uint8Array.from(rest)]), 'é');
  });

  test('asks the base what comes next, with as much of the text as is wanted', async () => {
    const models = knownBase(writing(TEXT));
    const response = await open({}, models);
    const { candidates } = await response.nextTokens(1);
    assert.deepEqual([candidates.length, Buffer.from(candidates[0]!.bytes).toString()], [1, 'R']);
    await response.nextTokens(2, { context: 3 });
    assert.deepEqual(models.base.calls.at(-1)!.prefix, [response.tokens[0], ...response.tokens.slice(-3)]);
    for (const count of [0, 1.5, NaN]) assert.throws(() => response.nextTokens(count), RangeError);
  });

  test('scores a text that would follow', async () => {
    const response = await open({}, knownBase(writing(TEXT, () => 0.5)));
    const scores = await response.score('Ra');
    assert.deepEqual(
      scores.map(({ logprob }) => logprob.toFixed(3)),
      ['-0.693', '-0.693'],
    );
    assert.equal(response.text, '');
  });

  test('stops asking once the request is aborted', async () => {
    const running = new AbortController();
    const response = await open({ signal: running.signal });
    running.abort();
    for (const work of [() => response.score('Ra'), () => response.nextTokens(1), () => written(response)]) {
      await assert.rejects(work(), { name: 'AbortError' });
    }
  });

  test('rewards whole answers', async () => {
    const reward = scriptedReward({ of: (answer) => answer.length });
    const response = await open({}, { ...knownBase(writing(TEXT)), reward });
    response.add(letter('R'));
    assert.deepEqual(await response.rewards(), [1]);
    assert.deepEqual(await response.rewards(['a', 'abc']), [1, 3]);
    assert.equal(await response.reward('ab'), 2);
  });
});

suite('forks of a response', () => {
  test('grow by themselves, and are added when they are adopted', async () => {
    const response = await open();
    response.add(letter('R'));
    const fork = response.fork();
    for (const text of 'ai') fork.add(letter(text));
    assert.deepEqual([response.text, fork.text], ['R', 'Rai']);
    assert.equal(response.record.discardedTokens, 2);
    assert.equal(textOf(response.adopt(fork)), 'ai');
    assert.deepEqual([response.text, response.written, response.record.discardedTokens], ['Rai', 3, 0]);
    assert.equal(await written(response), 'n fell.');
  });

  test('of forks count what is thrown away once, at the response', async () => {
    const response = await open();
    const fork = response.fork();
    const second = fork.fork();
    for (const text of 'Rai') second.add(letter(text));
    assert.equal(response.record.discardedTokens, 3);
    fork.adopt(second);
    assert.equal(response.record.discardedTokens, 3);
    assert.equal(textOf(response.adopt(fork)), 'Rai');
    assert.equal(response.record.discardedTokens, 0);
  });

  test('have the limits of the response', async () => {
    const response = await open({ maxTokens: 3 });
    response.add(letter('R'));
    const fork = response.fork();
    assert.deepEqual([fork.left, fork.baseLeft, fork.written], [2, 2, 1]);
    assert.equal(await written(fork), 'ai');
    assert.equal(fork.left, 0);
  });

  test('can be stopped alone', async () => {
    const response = await open();
    const one = new AbortController();
    const fork = response.fork(one.signal);
    one.abort();
    await assert.rejects(fork.score('R'), { name: 'AbortError' });
    assert.equal((await response.score('R')).length, 1);
  });

  test('are samples, whose prompt is read once before', async () => {
    const models = knownBase(writing(TEXT));
    const response = await open({ stop: ['.'] }, models);
    response.add(letter('R'));
    const samples = await response.samples(2);
    assert.deepEqual(
      samples.map(({ response: { text, shown }, finish }) => [text, shown, finish]),
      [
        [TEXT, 'Rain fell', 'stop'],
        [TEXT, 'Rain fell', 'stop'],
      ],
    );
    assert.deepEqual(
      models.base.calls.map(({ method }) => method),
      ['score', 'generate', 'generate'],
    );
    const alone = knownBase(writing(TEXT));
    await (await open({}, alone)).samples(1);
    assert.deepEqual(
      alone.base.calls.map(({ method }) => method),
      ['generate'],
    );
  });

  test('are all stopped where one sample fails', async () => {
    let asked = 0;
    const models = knownBase(writing(TEXT), {
      async beforeToken() {
        if (++asked === 4) throw new Error('no more');
        await new Promise((resolve) => setTimeout(resolve, 1));
      },
    });
    const response = await open({}, models);
    await assert.rejects(response.samples(3), /no more/);
    assert.ok(models.base.calls.every(({ ended }) => ended));
  });
});

suite('a response of the draft alone', () => {
  const ofDraft = (request: Partial<DecodeRequest>, measure?: { promptTokens: number; contextLength: number }) =>
    GrowingResponse.open(
      { draft: scriptedWriter({ id: 'draft', pieces: Array.from(TEXT), ...(measure && { measure }) }) },
      ['draft'],
      { messages: MESSAGES, ...request },
    );

  test('is refused where the draft says that the prompt does not fit', async () => {
    await assert.rejects(ofDraft({}, { promptTokens: 9, contextLength: 9 }), { code: 'prompt-too-long' });
    await assert.rejects(ofDraft({ maxTokens: 4 }, { promptTokens: 6, contextLength: 9 }), {
      code: 'response-too-long',
    });
  });

  test('has the room that the draft says it has', async () => {
    const response = await ofDraft({}, { promptTokens: 6, contextLength: 9 });
    assert.deepEqual([response.left, response.record.promptTokens], [3, 6]);
    assert.ok((await ofDraft({})).left > 1000);
  });

  test('goes on by what the draft writes after it', async () => {
    const { draft } = knownDraft(writing(TEXT));
    const response = await open({}, { ...knownBase(writing(TEXT)), draft });
    response.add(letter('R'));
    const pieces: string[] = [];
    for await (const { text } of response.draft({ maxTokens: 3 })) pieces.push(text);
    assert.deepEqual([pieces, response.text, response.record.draftTokens], [['a', 'i', 'n'], 'R', 3]);
  });
});
