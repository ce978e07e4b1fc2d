import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { knownBase, MESSAGES, writing } from '../../../../test/fixtures/known-base.ts';
import { ConfigError } from '../../../core/errors.ts';
import type { Decoder } from '../../../core/kit/decoder.ts';
import { decoderStrategy } from '../../../core/kit/decoder.ts';
import type { DecodeRequest } from '../../../core/decoding-strategy.ts';
import { collectEvents } from '../../../engines/scripted/collect-events.ts';
import { createStrategy } from '../../create-strategy.ts';
import { runModule } from '../run-module.ts';
import { guardedDecoder } from './guarded-decoder.ts';
import { loadStrategyModule } from './load-strategy-module.ts';

const close = () => Promise.resolve();

suite('a decoder of a module', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(join(tmpdir(), 'wellbegun-strategy-'))));
  after(() => rm(folder, { recursive: true }));

  const load = async (source: string, name = `${Math.random()}.mjs`) => {
    await writeFile(join(folder, name), source);
    return await loadStrategyModule(join(folder, name));
  };
  const decode = async (source: string, request: Partial<DecodeRequest> = {}) => {
    const models = { ...knownBase(writing('Hello there')), close };
    const strategy = createStrategy(await load(source), models);
    return await collectEvents(strategy.decode({ messages: MESSAGES, ...request }));
  };
  const withWrite = (body: string) =>
    `export default { name: 'mine', needs: ['base'], async *write(response) { ${body} } };`;

  test('answers like any other, in TypeScript too', async () => {
    const { trace, events } = await decode(
      withWrite(`
      while (response.left > 0) {
        const { candidates: [first] } = await response.nextTokens(1);
        if (first.ends) return 'stop';
        yield* response.add(first);
      }
      return 'length';`),
    );
    assert.deepEqual([trace.strategy, trace.text, trace.finishReason], ['mine', 'Hello there', 'stop']);
    assert.deepEqual([events[0]?.type, events.at(-1)?.type], ['decode-start', 'decode-end']);
    const typed = await load(
      `const name: string = 'typed'; export default () => ({ name, needs: ['draft' as const], async *write() { return 'stop'; } });`,
      'typed.ts',
    );
    assert.equal(typed.name, 'typed');
  });

  const FAULTS: readonly (readonly [what: string, source: string, says: RegExp])[] = [
    [
      'a file that can’t be run',
      'throw new Error("oh no");',
      /\.mjs can't be run \(oh no\): mend it, or name another file\./,
    ],
    ['a function that fails', 'export default () => { throw new Error("no"); };', /\.mjs can't be run \(no\): mend it/],
    [
      'what has no text and is thrown',
      'throw Object.create(null);',
      /can't be run \(\[Object: null prototype\] \{\}\)/,
    ],
    [
      'the same thrown in the middle',
      withWrite('throw Object.create(null);'),
      /failed \(\[Object: null prototype\] \{\}\)/,
    ],
    [
      'an export that can’t be looked at',
      `export default { name: 'x', needs: ['base'], get write() { throw new Error('shy'); } };`,
      /\.mjs can't be read \(shy\): mend it/,
    ],
    [
      'a generator that is not async',
      `export default { name: 'x', needs: ['base'], *write() { return 'stop'; } };`,
      /write it as async \*write/,
    ],
    ['no export', '', /is no Decoder: it is undefined/],
    [
      'a wrong name',
      `export default { name: 'wsd', needs: ['base'], write() {} };`,
      /its name must be small letters.*none of wsd/,
    ],
    ['no models', `export default { name: 'x', needs: [], write() {} };`, /its needs must be a list of base, draft/],
    [
      'only a reward',
      `export default { name: 'x', needs: ['reward'], write() {} };`,
      /its needs must have base or draft/,
    ],
    [
      'a word that is mistyped',
      `export default { name: 'x', needs: ['base'], ability: [], write() {} };`,
      /there is no ability/,
    ],
    [
      'abilities that are none',
      `export default { name: 'x', needs: ['base'], abilities: ['speed'], write() {} };`,
      /its abilities must be a list of nextTokens/,
    ],
    ['no write', `export default { name: 'x', needs: ['base'] };`, /its write must be a function/],
    [
      'a throw in the middle',
      withWrite(`yield* response.add((await response.nextTokens(1)).candidates[0]); throw new Error('tired');`),
      /the write of .*\.mjs failed \(tired\): mend it/,
    ],
    [
      'an event of its own',
      withWrite(`yield { type: 'token', text: 'x' }; return 'stop';`),
      /the write of .* yielded \{ type: 'token', text: 'x' \}: yield what the verbs/,
    ],
    [
      'events kept to itself',
      withWrite(`response.add((await response.nextTokens(1)).candidates[0]); return 'stop';`),
      /kept 1 events to itself: yield\* what response.add gives/,
    ],
    [
      'a token that is none',
      withWrite(`yield* response.add({ token: -5, bytes: new Uint8Array([65]) }); return 'stop';`),
      /failed \(a token must be a whole number from 0 to \w+, not -5\)/,
    ],
    [
      'a token without bytes',
      withWrite(`yield* response.add({ token: 5, bytes: 'A' }); return 'stop';`),
      /failed \(the bytes of a token must be a Uint8Array\)/,
    ],
    [
      'a count of next tokens that is none',
      withWrite(`await response.nextTokens(-1); return 'stop';`),
      /failed \(nextTokens takes a whole number of at least 1, not -1\)/,
    ],
    [
      'an end of its own',
      withWrite(`return 'done';`),
      /must return one of stop, length, content_filter, loop, not 'done'/,
    ],
    [
      'no generator',
      `export default { name: 'x', needs: ['base'], write() { return 5; } };`,
      /must return the events of a response/,
    ],
    [
      'a loop without tokens',
      withWrite(
        `for (;;) response.add((await response.nextTokens(1)).candidates[0] && { bytes: new Uint8Array() }, 'base');`,
      ),
      /asked 20000 times|kept/,
    ],
  ];
  for (const [what, source, says] of FAULTS) {
    test(`${what} is told as a fault of the module`, async () => {
      await assert.rejects(decode(source, { maxTokens: 5 }), (error: unknown) => {
        return error instanceof ConfigError && error.message.startsWith('strategyModule: ') && says.test(error.message);
      });
    });
  }

  test('a folder is told without the name of a file of ours', async () => {
    await assert.rejects(
      loadStrategyModule(folder),
      /can't be run \(Directory import '[^']*' is not supported\): mend it/,
    );
  });

  test('a module whose start never ends is told', async () => {
    const path = join(folder, 'endless.mjs');
    await writeFile(path, 'await new Promise(() => undefined);');
    const use = { option: 'strategyModule', code: 'bad-strategy', mostMs: 40 };
    await assert.rejects(runModule(path, use), /endless\.mjs can't be run \(it did not end within 0\.04 s\): mend it/);
  });

  test('a module that hangs is told, and an abort does not wait for it', async () => {
    const hanging: Decoder = {
      name: 'hanging',
      needs: ['base'],
      async *write() {
        yield* [];
        return await new Promise<never>(() => undefined);
      },
    };
    const strategy = decoderStrategy(guardedDecoder(hanging, 'hang.ts', 40), knownBase(writing('Hi')));
    await assert.rejects(
      collectEvents(strategy.decode({ messages: MESSAGES })),
      /the write of hang\.ts did nothing for 0\.04 s/,
    );
    const patient = decoderStrategy(guardedDecoder(hanging, 'hang.ts'), knownBase(writing('Hi')));
    const controller = new AbortController();
    const response = collectEvents(patient.decode({ messages: MESSAGES, signal: controller.signal }));
    setTimeout(() => controller.abort(), 20);
    await assert.rejects(response, { name: 'AbortError' });
  });

  test('a module that goes on behind the end of its response is told', async () => {
    const source = withWrite(
      `for (;;) { const { candidates: [first] } = await response.nextTokens(1); yield* response.add(first); }`,
    );
    await assert.rejects(decode(source, { maxTokens: 3 }), /asked 20000 times without a token of the response/);
  });

  test('what models are refused for stays as it is', async () => {
    const { base, baseFormat } = knownBase(writing('Hi'), { contextLength: 5 });
    const strategy = createStrategy(await load(withWrite(`return yield* response.write();`)), {
      base,
      baseFormat,
      close,
    });
    await assert.rejects(collectEvents(strategy.decode({ messages: MESSAGES })), { code: 'prompt-too-long' });
    const lacking = await load(
      `export default { name: 'x', needs: ['base', 'reward'], async *write() { return 'stop'; } };`,
    );
    assert.throws(() => createStrategy(lacking, { base, baseFormat, close }), { code: 'no-reward' });
  });
});
