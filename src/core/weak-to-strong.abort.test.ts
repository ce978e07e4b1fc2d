import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectEvents } from '../engines/scripted/collect-events.ts';
import { byText, pseudoRandom, writes } from '../engines/scripted/next-token.ts';
import { type ScriptedModel, scriptedModel } from '../engines/scripted/scripted-model.ts';
import { plainForm } from '../prompts/plain-form.ts';
import { windowedConfidence } from './criteria/windowed-confidence.ts';
import type { DecodeEvent } from './decode-event.ts';
import { promptedWriter } from './prompted-writer.ts';
import { weakToStrong } from './weak-to-strong.ts';

const DRAFT = 'one two three four five six';
const form = plainForm({});

interface Hooks {
  readonly beforeDraftToken?: () => void;
  readonly beforeBaseToken?: () => void;
  readonly threshold?: number;
  readonly signal?: AbortSignal;
}

/** A pair that never switches before the draft's end, unless the threshold is low; its base never stops. */
function start({ beforeDraftToken, beforeBaseToken, threshold = 1, signal }: Hooks) {
  const draft = scriptedModel({ next: writes(DRAFT), ...(beforeDraftToken && { beforeToken: beforeDraftToken }) });
  const base = scriptedModel({
    next: pseudoRandom(5, { endProbability: 0 }),
    ...(beforeBaseToken && { beforeToken: beforeBaseToken }),
  });
  const criterion = windowedConfidence({ window: 2, threshold });
  const strategy = weakToStrong({
    base,
    draft: promptedWriter(draft, form),
    baseFormat: form,
    criterion,
    chunkTokens: 4,
  });
  const messages = [{ role: 'user', content: 'Count' }] as const;
  return { base, draft, response: strategy.decode({ messages, maxTokens: 50, ...(signal && { signal }) }) };
}

function countOf(model: ScriptedModel, method: 'score' | 'generate'): number {
  return model.calls.filter((call) => call.method === method).reduce((sum, { tokens }) => sum + tokens.length, 0);
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

function assertAllEnded(...models: readonly ScriptedModel[]): void {
  assert.ok(models.flatMap(({ calls }) => calls).every(({ ended }) => ended));
}

test('a signal that is aborted already stops it before any work', async () => {
  const { base, draft, response } = start({ signal: AbortSignal.abort() });
  await assert.rejects(collectEvents(response), isAbort);
  assert.equal(countOf(draft, 'generate') + countOf(base, 'score'), 0);
  assertAllEnded(base, draft);
});

test('an abort while the draft is written stops it within a token', async () => {
  const controller = new AbortController();
  let drafted = 0;
  const beforeDraftToken = () => {
    if (++drafted === 7) controller.abort();
  };
  const { base, draft, response } = start({ beforeDraftToken, signal: controller.signal });
  await assert.rejects(collectEvents(response), isAbort);
  assert.equal(countOf(draft, 'generate'), 6);
  assertAllEnded(base, draft);
});

test('an abort while the base scores stops it within a token, and closes the draft', async () => {
  const controller = new AbortController();
  let worked = 0;
  const beforeBaseToken = () => {
    if (++worked === 2) controller.abort();
  };
  const { base, draft, response } = start({ beforeBaseToken, signal: controller.signal });
  await assert.rejects(collectEvents(response), isAbort);
  assert.equal(countOf(base, 'score'), 1);
  assertAllEnded(base, draft);
});

test('an abort while the base writes stops it within a token', async () => {
  const controller = new AbortController();
  let worked = 0;
  const beforeBaseToken = () => {
    if (++worked === DRAFT.length + 5) controller.abort();
  };
  const { base, draft, response } = start({ beforeBaseToken, signal: controller.signal });
  await assert.rejects(collectEvents(response), isAbort);
  assert.equal(countOf(base, 'generate'), 4);
  assertAllEnded(base, draft);
});

for (const at of [0, 1, 2, 6, DRAFT.length, DRAFT.length + 3]) {
  test(`an abort by the reader at event ${at} is the last it sees`, async () => {
    const controller = new AbortController();
    const { base, draft, response } = start({ signal: controller.signal });
    const events: DecodeEvent[] = [];
    await assert.rejects(async () => {
      for await (const event of response) {
        events.push(event);
        if (events.length === at + 1) controller.abort();
      }
    }, isAbort);
    assert.equal(events.length, at + 1);
    assertAllEnded(base, draft);
  });

  test(`a reader that leaves at event ${at} closes both models' work`, async () => {
    const { base, draft, response } = start({});
    const events: DecodeEvent[] = [];
    for await (const event of response) if (events.push(event) === at + 1) break;
    assert.equal(events.length, at + 1);
    assertAllEnded(base, draft);
    assert.deepEqual(await response.next(), { done: true, value: undefined });
  });
}

test('the draft is over before the base writes', async () => {
  const { draft, response } = start({ threshold: 1e-9 });
  for await (const event of response) {
    if (event.type === 'model-switch') assertAllEnded(draft);
    if (event.type === 'token' && event.source === 'base') assertAllEnded(draft);
  }
});

test('a failure of the base comes up as it is, and closes the draft', async () => {
  const failure = new Error('out of memory');
  const beforeBaseToken = () => {
    throw failure;
  };
  const { draft, response } = start({ beforeBaseToken });
  await assert.rejects(collectEvents(response), failure);
  assertAllEnded(draft);
});

test('a failure of the draft comes up as it is', async () => {
  const failure = new Error('out of memory');
  const draft = scriptedModel({
    next: byText(() => {
      throw failure;
    }),
  });
  const base = scriptedModel({ next: pseudoRandom(1) });
  const strategy = weakToStrong({ base, draft: promptedWriter(draft, form), baseFormat: form });
  await assert.rejects(collectEvents(strategy.decode({ messages: [{ role: 'user', content: 'x' }] })), failure);
  assertAllEnded(draft, base);
});

test('after an abort, both models answer the next request', async () => {
  const controller = new AbortController();
  const { base, draft, response } = start({ signal: controller.signal });
  await response.next();
  await response.next();
  controller.abort();
  await assert.rejects(collectEvents(response), isAbort);
  const strategy = weakToStrong({ base, draft: promptedWriter(draft, form), baseFormat: form });
  const { trace } = await collectEvents(
    strategy.decode({ messages: [{ role: 'user', content: 'Count' }], maxTokens: 1 }),
  );
  assert.ok(trace.text.startsWith(DRAFT));
});
