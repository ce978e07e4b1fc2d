// The base's tokenizer may be a server that hangs: an aborted response does not wait for it, wherever it is.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { fixedLength } from '../core/criteria/fixed-length.ts';
import type { DecodingStrategy } from '../core/decoding-strategy.ts';
import type { CallOptions, LanguageModel } from '../core/language-model.ts';
import { draftProposer } from '../core/speculation/draft-proposer.ts';
import { weakToStrong } from '../core/weak-to-strong.ts';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { aligner } from './aligner.ts';
import { baseOnly } from './base-only.ts';
import { draftOnly } from './draft-only.ts';
import { handback } from './handback.ts';
import { knownBase, MESSAGES, writing } from '../../test/fixtures/known-base.ts';
import { knownDraft } from '../../test/fixtures/known-draft.ts';
import { nudging } from './nudging.ts';

const TEXT = 'One fine day. Two sad days. Three odd weeks.';
/** A call without the signal would never end. */
const TIMEOUT = { timeout: 10_000 };

/** From the call with this number on, of `encode` or `decode` of either model, a tokenizer answers no more. */
function pair(hangsFrom: number) {
  const { base, baseFormat } = knownBase(writing(TEXT, (i) => (i >= 6 && i < 30 ? 0.3 : 0.95)));
  const { model, draft } = knownDraft(writing(TEXT));
  let calls = 0;
  const { promise: hung, resolve } = Promise.withResolvers<'hung'>();
  for (const tokenizing of [base, model] as LanguageModel[]) {
    const encode = tokenizing.encode.bind(tokenizing);
    const decode = tokenizing.decode.bind(tokenizing);
    const answer = <T>(work: () => Promise<T>, call: CallOptions | undefined) => {
      if (calls++ < hangsFrom) return work();
      resolve('hung');
      return hang(call);
    };
    tokenizing.encode = (text, call) => answer(() => encode(text), call);
    tokenizing.decode = (tokens, call) => answer(() => decode(tokens), call);
  }
  return { base, baseFormat, draft, model, hung };
}

function hang(call: CallOptions | undefined): Promise<never> {
  return new Promise((_, reject) => {
    call?.signal?.addEventListener('abort', () => reject(call.signal!.reason as Error));
  });
}

type Pair = ReturnType<typeof pair>;

const STRATEGIES: Readonly<Record<string, (parts: Pair) => DecodingStrategy>> = {
  wsd: (parts) => weakToStrong({ ...parts, criterion: fixedLength(9), chunkTokens: 4 }),
  base: (parts) => baseOnly(parts),
  draft: ({ draft }) => draftOnly({ draft }),
  handback: (parts) => handback({ ...parts, criterion: fixedLength(4), chunkTokens: 2, window: 4, threshold: 0.5 }),
  nudging: (parts) => nudging(parts),
  aligner: (parts) => aligner({ ...parts, aligner: parts.model }),
};

suite('an aborted response does not wait for a tokenizer that hangs', () => {
  for (const [name, strategy] of Object.entries(STRATEGIES)) {
    test(name, TIMEOUT, async () => {
      for (let hangsFrom = 0; ; hangsFrom++) {
        const parts = pair(hangsFrom);
        const controller = new AbortController();
        const response = strategy(parts).decode({ messages: MESSAGES, maxTokens: 60, signal: controller.signal });
        const collected = collectEvents(response).catch((error: unknown) => error);
        const first = await Promise.race([parts.hung, collected]);
        if (first instanceof Error) throw first;
        if (first !== 'hung') return assert.ok(hangsFrom > 0);
        controller.abort();
        assert.equal(((await collected) as Error).name, 'AbortError');
      }
    });
  }

  test('a guess of the draft', TIMEOUT, async () => {
    for (let hangsFrom = 0; ; hangsFrom++) {
      const { base, draft, hung } = pair(hangsFrom);
      const controller = new AbortController();
      const proposer = draftProposer({ draft, base, messages: MESSAGES, promptTokens: 1, msPerToken: 1 });
      const tokens = [0, 79, 110, 101].map((id) => id as Parameters<typeof proposer.propose>[0][number]);
      const proposed = Promise.resolve(proposer.propose(tokens, 4, controller.signal)).catch((error: unknown) => error);
      const first = await Promise.race([hung, proposed]);
      if (first instanceof Error) throw first;
      if (first !== 'hung') return assert.ok(hangsFrom > 2);
      controller.abort();
      assert.equal(((await proposed) as Error).name, 'AbortError');
    }
  });
});
