// Every strategy on scripted models: each keeps what all of them promise.
import { MESSAGES } from '../../../test/fixtures/known-base.ts';
import { draftForm } from '../../../test/fixtures/known-draft.ts';
import { createStrategy, STRATEGY_NAMES } from '../../assembly/create-strategy.ts';
import { fixedLength } from '../../core/criteria/fixed-length.ts';
import { promptedWriter } from '../../core/prompted-writer.ts';
import { writes } from '../../engines/scripted/next-token.ts';
import { type ScriptedModel, scriptedModel } from '../../engines/scripted/scripted-model.ts';
import { scriptedReward } from '../../engines/scripted/scripted-reward.ts';
import { plainForm } from '../../prompts/plain-form.ts';
import { describeStrategy } from './describe-strategy.ts';

const TEXT = 'One fine day. Two sad 🎉 days. Odd weeks.';
const EXAMPLES = '[User]\nHow?\n[Assistant]\nSo.';

for (const name of STRATEGY_NAMES) {
  const opened: ScriptedModel[] = [];
  const open = () => {
    const base = scriptedModel({ id: 'base', next: writes(TEXT) });
    const draft = scriptedModel({ id: 'draft', next: writes(TEXT) });
    const aligner = scriptedModel({ id: 'aligner', next: writes(TEXT, { marker: 'ASSISTANT:' }) });
    opened.push(base, draft, aligner);
    return createStrategy(
      name,
      {
        base,
        baseFormat: plainForm({}),
        draft: promptedWriter(draft, draftForm),
        reward: scriptedReward({ of: () => 1 }),
        aligner,
        close: () => Promise.resolve(),
      },
      { criterion: fixedLength(4), chunkTokens: 3, urialExamples: EXAMPLES },
    );
  };
  describeStrategy(name, {
    open,
    request: { messages: MESSAGES },
    openCalls: () => opened.flatMap(({ calls }) => calls).filter(({ ended }) => !ended).length,
  });
}
