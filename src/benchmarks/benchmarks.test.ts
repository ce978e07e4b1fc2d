import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { NO_SHARED_DATA, SHARED_DATA } from '../../test/fixtures/shared-data.ts';
import { BENCHMARKS, findBenchmark } from './benchmarks.ts';
import { DataSource } from './data/data-source.ts';
import { FEW_SHOT_EXAMPLES } from './gsm8k/few-shot.ts';
import { gsm8k } from './gsm8k/gsm8k.ts';
import { readDialogue } from './hh-rlhf/read-dialogue.ts';
import { humanEval } from './humaneval/humaneval.ts';
import { mtBench } from './mt-bench/mt-bench.ts';
import { truthfulQa } from './truthfulqa/truthfulqa.ts';

suite('the benchmarks', { skip: NO_SHARED_DATA }, () => {
  const source = new DataSource({ folder: SHARED_DATA, cache: '/nowhere' });

  test('have the published items, each with a name of its own and a question of the user', async () => {
    for (const benchmark of BENCHMARKS) {
      const items = await benchmark.loadItems(source);
      assert.equal(items.length, benchmark.itemCount, benchmark.name);
      assert.equal(new Set(items.map(({ id }) => id)).size, items.length, benchmark.name);
      for (const { id, messages } of items) {
        const question = messages.findLast(({ role }) => role === 'user');
        assert.equal(messages.at(-1), benchmark.name === 'humaneval' ? messages[1] : question, id);
        assert.notEqual(question?.content.trim(), '', id);
      }
    }
  });

  test('gsm8k shows four examples of the training set, and grades its own answers as right', async () => {
    const train = await readFile(join(SHARED_DATA, 'gsm8k_train_first200.jsonl'), 'utf8');
    assert.deepEqual(
      FEW_SHOT_EXAMPLES,
      train
        .split('\n')
        .slice(0, 4)
        .map((line) => JSON.parse(line) as unknown),
    );
    for (const item of await gsm8k.loadItems(source))
      assert.deepEqual(gsm8k.grader!.grade(item, item.answer), { strict: 1, flexible: 1 }, item.id);
  });

  test('humaneval has a tested function in each problem', async () => {
    for (const { source: text, test: tests, entryPoint } of await humanEval.loadItems(source)) {
      assert.match(text, new RegExp(`def ${entryPoint}\\(`));
      assert.match(tests, /def check\(/);
    }
  });

  test('mt-bench has a second turn, references where they are needed, and temperatures by category', async () => {
    const items = await mtBench.loadItems(source);
    assert.ok(items.every(({ followUps }) => followUps.length === 1));
    const withReferences = items.filter(({ references }) => references).map(({ category }) => category);
    assert.deepEqual([...new Set(withReferences)].sort(), ['coding', 'math', 'reasoning']);
    assert.deepEqual([...new Set(items.map(({ temperature }) => temperature))], [0.7, 0, 0.1]);
  });

  test('truthfulqa has best, correct and incorrect answers, and none that is empty', async () => {
    for (const { id, choices, references } of await truthfulQa.loadItems(source)) {
      assert.ok(choices.best && choices.correct.length > 0 && choices.incorrect.length > 0, id);
      assert.ok(
        [...references.correct, ...references.incorrect].every((answer) => /.\.$/.test(answer)),
        id,
      );
    }
    const [item] = await truthfulQa.loadItems(source);
    assert.equal(truthfulQa.grader!.grade(item!, item!.choices.best)['bleu_acc'], 1);
  });
});

test('a conversation of HH-RLHF ends before its last answer; one speaker twice is one message', () => {
  const text = '\n\nHuman: a\n\nb\n\nHuman: c\n\nAssistant: d\n\nHuman: e\n\nAssistant: f';
  assert.deepEqual(readDialogue(text), [
    { role: 'user', content: 'a\n\nb\n\nc' },
    { role: 'assistant', content: 'd' },
    { role: 'user', content: 'e' },
  ]);
});

test('a turn on the line of the last, and an answer of two turns, are a conversation too', () => {
  const inOneLine = '\n\nHuman: a\n\nAssistant: b  Human: c\n\nAssistant: d';
  assert.deepEqual(
    readDialogue(inOneLine).map(({ content }) => content),
    ['a', 'b', 'c'],
  );
  const twice = '\n\nHuman: a\n\nAssistant: b\n\nAssistant: c';
  assert.deepEqual(readDialogue(twice), [{ role: 'user', content: 'a' }]);
});

test('an unknown benchmark is refused with the nearest name', () => {
  assert.equal(findBenchmark('mt-bench'), mtBench);
  assert.throws(() => findBenchmark('humanevel'), /did you mean humaneval\?/);
});
