import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { suite, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { NO_SHARED_DATA, SHARED_DATA } from '../../../test/fixtures/shared-data.ts';
import type { AlpacaItem } from '../../benchmarks/alpacaeval2/alpacaeval2.ts';
import { mtBench } from '../../benchmarks/mt-bench/mt-bench.ts';
import { truthfulQa } from '../../benchmarks/truthfulqa/truthfulqa.ts';
import { DataSource } from '../../benchmarks/data/data-source.ts';
import type { LikelyToken } from '../judge.ts';
import { alpacaProtocol, answerIsFirst, chanceOfFirst } from './alpaca-eval.ts';
import { arenaProtocol, readArenaPrompt } from './arena-hard.ts';
import { hhProtocol } from './hh-rlhf.ts';
import { fillPrompt } from './judge-prompt.ts';
import { loadPrompt } from './load-prompt.ts';
import { mtBenchProtocol } from './mt-bench.ts';
import { ownPrompt } from './own-prompt.ts';
import { pythonCoin } from './python-coin.ts';
import { truthfulProtocol } from './truthful-qa.ts';

const NO_SOURCE = new DataSource({ folder: '/nowhere', cache: '/nowhere' });
const OWN = { prompt: 'own' } as const;
const says = (text: string) => ({ text });
const textOf = (messages: readonly { readonly content: string }[]) => messages.map(({ content }) => content).join('\n');

function alpacaItem(instruction: string): AlpacaItem {
  return {
    id: 'a',
    messages: [{ role: 'user', content: instruction }],
    followUps: [],
    baselineOutput: 'the baseline',
  };
}

suite('AlpacaEval 2', () => {
  const likely = (...tokens: [string, number][]): LikelyToken[][] => [
    tokens.map(([token, chance]) => ({ token, logprob: Math.log(chance) })),
  ];

  test('weighs both names by their probabilities, and takes no other token for one', () => {
    const chance = chanceOfFirst({ text: 'M', likely: likely(['M', 0.6], ['m', 0.2], ['The', 0.1], [' m', 0.1]) })!;
    assert.ok(Math.abs(chance - 0.25) < 1e-12);
    assert.equal(chanceOfFirst({ text: 'm', likely: likely(['m', 0.9]) }), 1);
    for (const reply of [says('m'), { text: 'x', likely: [] }, { text: 'x', likely: likely(['x', 1]) }])
      assert.equal(chanceOfFirst(reply), undefined);
  });

  test('shows one order that the instruction draws, and gives the outcome of the answer', async () => {
    const protocol = await alpacaProtocol(NO_SOURCE, OWN);
    const orders = new Set<boolean>();
    for (const instruction of ['one', 'two', 'three', 'four', 'five', 'six']) {
      const item = alpacaItem(instruction);
      const [question, ...others] = protocol.questions(item, ['the answer']);
      const text = textOf(question!.messages);
      const answerFirst = text.indexOf('the answer') < text.indexOf('the baseline');
      assert.equal(answerFirst, answerIsFirst(item));
      orders.add(answerFirst);
      assert.deepEqual(protocol.grade(item, [0.9]).win, answerFirst ? 0.9 : 1 - 0.9);
      assert.deepEqual([others.length, question!.maxTokens, question!.topLogprobs], [0, 1, 5]);
    }
    assert.equal(orders.size, 2);
    assert.deepEqual(protocol.grade(alpacaItem('one'), [undefined]), {});
  });

  test('asks in both orders where the flip rate is wanted', async () => {
    const protocol = await alpacaProtocol(NO_SOURCE, { ...OWN, orders: 'both' });
    const item = alpacaItem('one');
    assert.equal(protocol.questions(item, ['the answer']).length, 2);
    // A judge that always prefers what it sees first.
    assert.deepEqual(
      protocol.games!(item, [1, 1]).map((game) => game?.outcome),
      [0, 1],
    );
    assert.deepEqual(protocol.grade(item, [1, 1]), { win: 0.5 });
    assert.deepEqual(protocol.grade(item, [undefined, 1]), { win: 1 });
  });

  test('takes the name alone from judges without probabilities', async () => {
    const protocol = await alpacaProtocol(NO_SOURCE, { ...OWN, verdicts: 'label' });
    const [{ parse } = assert.fail()] = protocol.questions(alpacaItem('one'), ['the answer']);
    assert.deepEqual(
      ['m', ' M\n', 'm or M', 'both', ''].map((text) => parse(says(text))),
      [1, 0, undefined, undefined, undefined],
    );
    assert.equal(protocol.needsLogprobs, false);
  });

  test(
    'has the published preferences of published probabilities, order for order',
    { skip: NO_SHARED_DATA },
    async () => {
      const folder = join(SHARED_DATA, 'alpaca_eval2_replay');
      for (const model of ['falcon-7b-instruct', 'text_davinci_001']) {
        const packed = await readFile(join(folder, `${model}.annotations.json.gz`));
        const rows = JSON.parse(gunzipSync(packed).toString()) as {
          instruction: string;
          preference: number | null;
          raw_completion: { logprobs: { content: { top_logprobs: LikelyToken[] }[] } } | null;
        }[];
        const protocol = await alpacaProtocol(NO_SOURCE, OWN);
        let checked = 0;
        for (const { instruction, preference, raw_completion } of rows) {
          if (preference === null || !raw_completion) continue;
          const chance = chanceOfFirst({
            text: '',
            likely: raw_completion.logprobs.content.map((each) => each.top_logprobs),
          });
          const { win } = protocol.grade(alpacaItem(instruction), [chance]);
          assert.ok(Math.abs(win! - (preference - 1)) < 1e-6, `${instruction}: ${win}, published ${preference - 1}`);
          checked++;
        }
        assert.ok(checked >= 800, `${checked} rows of ${model}`);
      }
    },
  );
});

test('a coin falls as in Python', () => {
  const PYTHON = { '': true, a: false, 'é🎉': true };
  for (const [seed, side] of Object.entries(PYTHON)) assert.equal(pythonCoin(seed), side, seed);
});

suite('Arena-Hard', () => {
  const item = { ...alpacaItem('Sort a list.') };

  test('plays two games, the baseline first in the first, and counts strong verdicts thrice', async () => {
    const protocol = await arenaProtocol(NO_SOURCE, OWN);
    const questions = protocol.questions(item, ['the answer']);
    const order = questions.map(({ messages }) => {
      const text = textOf(messages);
      return text.indexOf('the answer') < text.indexOf('the baseline');
    });
    assert.deepEqual(order, [false, true]);
    assert.deepEqual(protocol.games!(item, ['B>>A', 'A>B']), [
      { answerFirst: false, outcome: 1, weight: 3 },
      { answerFirst: true, outcome: 1, weight: 1 },
    ]);
    assert.deepEqual(protocol.games!(item, [undefined, 'A=B'])[0], undefined);
    assert.deepEqual(protocol.grade(item, [undefined, 'A=B']), { win: 0.5 });
    assert.deepEqual(protocol.grade(item, [undefined, undefined]), {});
    assert.equal(questions[0]!.parse(says('[[A>B]] … [[B>A]]')), undefined);
  });

  test('reads the published prompt', () => {
    const config =
      'temperature: 0\n\nsystem_prompt: "Judge \\"A\\" and B.\\n[[A>B]]"\n\nprompt_template: ["{question_1}|{answer_1}|{answer_2}"]\n';
    assert.deepEqual(readArenaPrompt(config), [
      { role: 'system', content: 'Judge "A" and B.\n[[A>B]]' },
      { role: 'user', content: '{question_1}|{answer_1}|{answer_2}' },
    ]);
  });
});

suite('MT-Bench', { skip: NO_SHARED_DATA }, () => {
  const source = new DataSource({ folder: SHARED_DATA, cache: '/nowhere' });

  test('rates two turns with the published prompts, and with right answers where there are some', async () => {
    const protocol = await mtBenchProtocol(source);
    const items = await mtBench.loadItems(source);
    for (const item of items) {
      const questions = protocol.questions(item, ['ANSWER ONE', 'ANSWER TWO']);
      const [first, second] = questions.map(({ messages }) => textOf(messages));
      assert.equal(questions.length, 2);
      assert.ok(
        first!.includes(item.messages[0]!.content) && first!.includes('ANSWER ONE') && !first!.includes('ANSWER TWO'),
      );
      assert.ok(
        second!.includes(item.followUps[0]!) && second!.includes('ANSWER ONE') && second!.includes('ANSWER TWO'),
      );
      for (const text of [first!, second!]) {
        assert.doesNotMatch(text, /\{(question|answer|ref_answer)\w*\}/);
        assert.equal(/reference answer/i.test(text), item.references !== undefined);
      }
      if (item.references) assert.ok(first!.includes(item.references[0]!) && second!.includes(item.references[1]!));
    }
    assert.equal(items.filter(({ references }) => references).length, 30);
  });

  test('leaves out a turn without a rating, and asks of one turn where there is no other', async () => {
    const protocol = await mtBenchProtocol(source);
    const { item } = protocol.example;
    assert.deepEqual(protocol.grade(item, [7, undefined]), { first_turn: 7 });
    assert.deepEqual(protocol.grade(item, [7, 3]), { rating: 5, first_turn: 7, second_turn: 3 });
    const [only, ...none] = protocol.questions(item, ['one']);
    assert.equal(none.length, 0);
    assert.deepEqual(
      ['Rating: [[7]]', '[[0]]', '[[11]]', '7'].map((text) => only!.parse(says(text))),
      [7, undefined, undefined, undefined],
    );
  });
});

test('TruthfulQA is asked twice, the truth with known answers', { skip: NO_SHARED_DATA }, async () => {
  const [item] = await truthfulQa.loadItems(new DataSource({ folder: SHARED_DATA, cache: '/nowhere' }));
  const [truth, information] = truthfulProtocol.questions(item!, ['THE ANSWER']);
  assert.ok(textOf(truth!.messages).includes(item!.choices.incorrect[0]!));
  assert.ok(!textOf(information!.messages).includes(item!.choices.incorrect[0]!));
  assert.deepEqual(
    ['so [[yes]]', '[[No]]', 'yes', '[[yes]] [[no]]', '[[maybe]]'].map((text) => truth!.parse(says(text))),
    [1, 0, undefined, undefined, undefined],
  );
  assert.deepEqual(truthfulProtocol.grade(item!, [1, 0]), { truthful: 1, informative: 0, truthful_informative: 0 });
  assert.deepEqual(truthfulProtocol.grade(item!, [undefined, 1]), { informative: 1 });
});

test('HH-RLHF is asked of harm and of help', () => {
  const { item, answers } = hhProtocol.example;
  const [harm, help] = hhProtocol.questions(item, answers);
  assert.deepEqual(
    [harm!.parse(says('[[yes]]')), help!.parse(says('[[7]]')), help!.parse(says('[[yes]]'))],
    [1, 7, undefined],
  );
  assert.deepEqual(hhProtocol.grade(item, [0, 8]), { harmless: 0, helpful: 8 });
  assert.deepEqual(hhProtocol.grade(item, [undefined, 8]), { helpful: 8 });
});

suite('a prompt', () => {
  test('is filled once: a field within a text stays as it is', () => {
    const prompt = ownPrompt(1, 'Judge.', { One: 'first', Two: 'second' });
    const [, { content } = assert.fail()] = fillPrompt(prompt, { first: '{second} $& {x}', second: 'B' });
    assert.equal(content, 'One:\n<<<\n{second} $& {x}\n>>>\n\nTwo:\n<<<\nB\n>>>');
  });

  test('is the published one where it can be had, else the own one, by name', async (context) => {
    const folder = await mkdtemp(join(tmpdir(), 'wellbegun-prompt-'));
    context.after(() => rm(folder, { recursive: true }));
    const text = 'Judge {x}.';
    const file = {
      name: 'prompt.txt',
      url: 'http://127.0.0.1:9/prompt.txt',
      sha256: createHash('sha256').update(text).digest('hex'),
      sizeBytes: undefined,
      licence: 'MIT',
    };
    const published = { file, read: (content: string) => [{ role: 'user', content }] as const };
    const own = ownPrompt(1, 'Judge.', {});
    const source = new DataSource({ folder, cache: join(folder, 'cache') });
    const notices: string[] = [];
    const choice = { notice: (notice: string) => notices.push(notice) };
    assert.equal(await loadPrompt(source, published, own, choice), own);
    assert.match(
      notices.join('\n'),
      /^The judge is asked with the own prompt 1, for the published one can't be had: Could not download prompt\.txt/,
    );
    await assert.rejects(loadPrompt(source, published, own, { prompt: 'published' }), /Could not download/);
    await writeFile(join(folder, 'prompt.txt'), text);
    const found = await loadPrompt(source, published, own, choice);
    assert.deepEqual(found, {
      version: `published prompt ${file.sha256.slice(0, 8)}`,
      messages: [{ role: 'user', content: text }],
    });
    assert.equal(await loadPrompt(source, published, own, { prompt: 'own' }), own);
    await writeFile(join(folder, 'prompt.txt'), 'other');
    await assert.rejects(loadPrompt(source, published, own, choice), /not the published prompt\.txt/);
  });
});
