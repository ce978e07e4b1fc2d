import assert from 'node:assert/strict';
import { test } from 'node:test';
import { knownBase, writing } from '../../test/fixtures/known-base.ts';
import { knownDraft } from '../../test/fixtures/known-draft.ts';
import { fixedLength } from '../core/criteria/fixed-length.ts';
import type { DecodingStrategy } from '../core/decoding-strategy.ts';
import type { ChatMessage } from '../core/prompt-format.ts';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { scriptedReward } from '../engines/scripted/scripted-reward.ts';
import { aligner } from './aligner.ts';
import { args } from './args.ts';
import { bestOfN } from './best-of-n.ts';
import { cards } from './cards.ts';
import { recheck } from './recheck.ts';

const BEGUN: readonly ChatMessage[] = [
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: 'Rain fell' },
];
const WHOLE = 'Rain fell softly.';

test('a beginning of the answer is rewarded as one answer with what follows it', async () => {
  const answers: string[] = [];
  const reward = scriptedReward({
    of(answer, messages) {
      assert.deepEqual(messages, BEGUN.slice(0, 1));
      answers.push(answer);
      return 1;
    },
  });
  const base = knownBase(writing(WHOLE));
  const pair = { ...base, draft: knownDraft(writing(WHOLE)).draft, criterion: fixedLength(2) };
  const strategies: readonly DecodingStrategy[] = [
    bestOfN({ ...base, reward, n: 2 }),
    args({ ...base, reward, k: 1 }),
    cards({ ...base, reward, threshold: 1 }),
    recheck({ ...pair, judge: reward }),
  ];
  for (const strategy of strategies) {
    answers.length = 0;
    const { trace } = await collectEvents(strategy.decode({ messages: BEGUN }));
    assert.equal(trace.text, ' softly.', strategy.name);
    assert.equal(answers.at(-1), WHOLE, strategy.name);
    assert.ok(
      answers.every((answer) => answer.startsWith('Rain fell')),
      strategy.name,
    );
  }
});

test('an aligner corrects the whole answer', async () => {
  const { base, baseFormat } = knownBase(writing(WHOLE));
  const { base: second } = knownBase(() => ({ '</s>': 1 }));
  await collectEvents(aligner({ base, baseFormat, aligner: second }).decode({ messages: BEGUN }));
  const asked = second.vocabulary.textOf(second.calls[0]!.prefix);
  assert.match(asked, /harmless: Hi \| Rain fell softly\. ASSISTANT:$/);
});
