import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { never } from '../../../core/criteria/constant-criteria.ts';
import { ConfigError } from '../../../core/errors.ts';
import type { SwitchCriterion } from '../../../core/switch-criterion.ts';
import { loadCriterionModule } from './load-criterion-module.ts';
import { resolveCriterion } from './resolve-criterion.ts';

test('the default is the paper, and gamma and window are its parameters', () => {
  assert.equal(resolveCriterion({}).name, 'confidence(window=6, threshold=0.8)');
  assert.equal(resolveCriterion({ gamma: 0.7 }).name, 'confidence(window=6, threshold=0.7)');
  assert.equal(resolveCriterion({ window: 3, gamma: undefined }).name, 'confidence(window=3, threshold=0.8)');
});

test('a criterion may be a text or a value', () => {
  assert.equal(resolveCriterion({ criterion: 'fixed(4)' }).name, 'fixed(k=4)');
  assert.equal(resolveCriterion({ criterion: never }), never);
});

test('a criterion besides gamma or window is refused', () => {
  for (const [choice, flag] of [
    [{ gamma: 0.7 }, 'gamma'],
    [{ window: 6 }, 'window'],
  ] as const) {
    assert.throws(
      () => resolveCriterion({ criterion: 'token', ...choice }),
      (error) => error instanceof ConfigError && error.code === 'two-criteria' && error.message.includes(flag),
    );
  }
});

test('a value of another shape is refused', () => {
  for (const [value, says] of [
    [{}, /its name must be a text/],
    [{ name: 'x' }, /its needsStatistics must be/],
    [{ name: 'x', needsStatistics: false }, /its start must be a function/],
    [null, /it is null/],
    [3, /it is a number/],
  ] as const) {
    assert.throws(
      () => resolveCriterion({ criterion: value as unknown as SwitchCriterion }),
      (error) => error instanceof ConfigError && says.test(error.message),
    );
  }
});

suite("a user's own module", () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), 'wellbegun-criterion-'))));
  after(() => rm(folder, { recursive: true }));

  async function load(name: string, source: string): Promise<SwitchCriterion> {
    await writeFile(join(folder, name), source);
    return loadCriterionModule(join(folder, name));
  }
  const OWN = `{ name: 'own', needsStatistics: false, start: () => ({ push: () => ({ value: 1, accept: true }) }) }`;

  test('exports a criterion, or a function that makes one', async () => {
    assert.equal((await load('value.mjs', `export default ${OWN}`)).name, 'own');
    assert.equal((await load('function.mjs', `export default () => (${OWN})`)).name, 'own');
    const typed = await load('typed.mts', `export default async (): Promise<object> => (${OWN});`);
    assert.deepEqual(typed.start().push({} as never), { value: 1, accept: true });
  });

  for (const [name, source, says] of [
    ['nothing.mjs', 'export const other = 1;', /The default export of .*nothing\.mjs .* it is undefined/],
    ['throws.mjs', 'throw new Error("oh no");', /criterionModule: .*throws\.mjs can't be run \(oh no\)/],
    ['fails.mjs', 'export default () => { throw new Error("oh no"); };', /fails\.mjs can't be run \(oh no\)/],
    ['syntax.mjs', 'export default {', /syntax\.mjs can't be run/],
  ] as const) {
    test(`${name} is refused in a sentence`, async () => {
      await assert.rejects(load(name, source), (error) => error instanceof ConfigError && says.test(error.message));
    });
  }

  test('is taken as it is', async () => {
    const source = `
      class Own {
        name = 'own';
        needsStatistics = ['rank'];
        needsDraftLogprobs = true;
        least = 3;
        start() {
          return { own: this, push(token) { return { value: undefined, accept: token.rank === 1 && this.own.least === 3 } } };
        }
      }
      export default new Own();`;
    const criterion = await load('class.mjs', source);
    const { name, needsStatistics, needsDraftLogprobs } = criterion;
    assert.deepEqual([name, needsStatistics, needsDraftLogprobs], ['own', ['rank'], true]);
    const detector = criterion.start();
    assert.equal(detector.push({ rank: 0 } as never).accept, false);
    assert.deepEqual(detector.push({ rank: 1 } as never), { value: undefined, accept: true });
  });

  for (const [name, start, says] of [
    [
      'push-throws.mjs',
      '() => ({ push() { throw new Error("boom") } })',
      /: the push of \S+push-throws\.mjs failed \(boom\): mend it\.$/,
    ],
    ['push-throws-text.mjs', '() => ({ push() { throw "boom" } })', /failed \(boom\): mend it\.$/],
    [
      'push-nothing.mjs',
      '() => ({ push() {} })',
      /: the push of \S+push-nothing\.mjs must return \{value: a number or undefined, accept: true or false\}, not undefined: mend it\.$/,
    ],
    ['push-other.mjs', '() => ({ push: () => ({ accept: 1 }) })', /must return .*, not \{ accept: 1 \}: mend it\.$/],
    [
      'push-value.mjs',
      '() => ({ push: () => ({ value: "1", accept: true }) })',
      /, not \{ value: '1', accept: true \}: mend it/,
    ],
    ['push-rejects.mjs', '() => ({ push: async () => { throw new Error("boom") } })', /, not a promise: mend it/],
    ['push-async.mjs', '() => ({ push: async () => ({ accept: true }) })', /must return .*, not a promise: mend it/],
    [
      'start-throws.mjs',
      '() => { throw new Error("boom") }',
      /: the start of \S+start-throws\.mjs failed \(boom\): mend it\.$/,
    ],
    ['start-nothing.mjs', '() => {}', /: the start of \S+ must return an object with a function push: mend it\.$/],
  ] as const) {
    test(`${name} is a fault of the module once it is used`, async () => {
      const criterion = await load(name, `export default { name: 'own', needsStatistics: false, start: ${start} }`);
      assert.throws(
        () => criterion.start().push({} as never),
        (error) => error instanceof ConfigError && /^criterionModule: /.test(error.message) && says.test(error.message),
      );
    });
  }

  test('that is not there is refused', async () => {
    await assert.rejects(loadCriterionModule(join(folder, 'none.mjs')), /none\.mjs can't be run/);
  });
});
