import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byText } from '../../engines/scripted/next-token.ts';
import { collectEvents } from '../../engines/scripted/collect-events.ts';
import { scriptedModel } from '../../engines/scripted/scripted-model.ts';
import { scriptedWriter } from '../../engines/scripted/scripted-writer.ts';
import { plainForm } from '../../prompts/plain-form.ts';
import type { DecodeOptions } from '../decode-options.ts';
import type { Pair } from '../load-pair.ts';
import { servedModels } from './served-models.ts';

const DRAFT = 'abcdefgh';

/** The base gives each character of the draft 0.9. */
function pair(): Pair {
  const next = byText((text) => {
    const written = text.slice(text.lastIndexOf('[Assistant]\n') + '[Assistant]\n'.length);
    return written.includes('X') ? { '</s>': 1 } : { [DRAFT[written.length] ?? 'X']: 0.9, X: 0.1 };
  });
  const draft = scriptedWriter({ id: 'draft', pieces: Array.from(DRAFT) });
  return { base: scriptedModel({ id: 'base', next }), draft, baseFormat: plainForm({}) } as unknown as Pair;
}

async function switchIndex(decode: DecodeOptions, request: object): Promise<number | undefined> {
  const [served] = servedModels('default', pair(), 'default', decode);
  const { trace } = await collectEvents(
    served!.strategy(request).decode({ messages: [{ role: 'user', content: 'Hi' }] }),
  );
  return trace.switch?.index;
}

test('a request that says one of gamma and window leaves the other as it is configured', async () => {
  assert.equal(
    await switchIndex({ gamma: 0.95, window: 2 }, { gamma: 0.85 }),
    await switchIndex({ gamma: 0.85, window: 2 }, {}),
  );
  assert.notEqual(await switchIndex({ window: 2 }, {}), await switchIndex({}, {}));
  assert.equal(
    await switchIndex({ gamma: 0.95, window: 2 }, { window: 3 }),
    await switchIndex({ gamma: 0.95, window: 3 }, {}),
  );
  const configured = { criterion: 'fixed(3)' };
  assert.equal(await switchIndex(configured, {}), await switchIndex({ gamma: 0.5 }, configured));
  assert.equal(await switchIndex(configured, { gamma: 0.85 }), await switchIndex({ gamma: 0.85 }, {}));
});
