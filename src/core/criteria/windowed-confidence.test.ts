import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConfigError } from '../errors.ts';
import type { TokenId } from '../language-model.ts';
import type { DraftedToken } from '../switch-criterion.ts';
import { windowedConfidence, type WindowedConfidenceOptions } from './windowed-confidence.ts';

const anyProbability = fc.oneof(fc.double({ min: 1e-9, max: 1, noNaN: true }), fc.constantFrom(0, 0.5, 0.8, 0.9, 1));
const probabilities = fc.array(anyProbability, { maxLength: 40 });
const setting = fc.record({
  window: fc.integer({ min: 1, max: 12 }),
  threshold: fc.oneof(fc.double({ min: 1e-6, max: 1, noNaN: true }), fc.constantFrom(0.5, 0.8, 1)),
});

function drafted(probability: number): DraftedToken {
  return { token: 0 as TokenId, logprob: Math.log(probability), bytes: new Uint8Array() };
}

/** Feeds probabilities until the criterion holds: the index of that token, and all values on the way. */
function run(options: WindowedConfidenceOptions, given: readonly number[]) {
  const detector = windowedConfidence(options).start();
  const values: (number | undefined)[] = [];
  for (const [index, p] of given.entries()) {
    const { value, accept } = detector.push(drafted(p));
    values.push(value);
    if (accept) return { index, values };
  }
  return { index: undefined, values };
}

/** The paper's words, on the whole array at once: the smallest i ≥ w − 1 with g_i ≥ γ. */
function firstWindow(w: number, gamma: number, given: readonly number[]): number | undefined {
  const g = (i: number) => given.slice(i + 1 - w, i + 1).reduce((product, p) => product * p ** (1 / w), 1);
  const index = given.findIndex((_, i) => i >= w - 1 && g(i) >= gamma * (1 - 1e-11));
  return index < 0 ? undefined : index;
}

test('switches at the first window whose geometric mean reaches the threshold, that token included', () => {
  const given = [0.1, 0.9, 0.5, 0.9, 0.8, 1, 1];
  assert.deepEqual(run({ window: 2, threshold: 0.8 }, given), {
    index: 4,
    values: [
      undefined,
      ...[
        [0.1, 0.9],
        [0.9, 0.5],
        [0.5, 0.9],
        [0.9, 0.8],
      ].map(([a, b]) => exactMean(a!, b!)),
    ],
  });
});

function exactMean(a: number, b: number): number {
  return Math.exp((Math.log(a) + Math.log(b)) / 2);
}

test("the paper's defaults are a window of 6 and a threshold of 0.8", () => {
  assert.equal(windowedConfidence().name, 'confidence(window=6, threshold=0.8)');
  assert.equal(run({}, Array<number>(5).fill(1)).index, undefined);
  assert.equal(run({}, Array<number>(6).fill(0.8)).index, 5);
  assert.equal(run({}, Array<number>(60).fill(0.7999999)).index, undefined);
});

test('is the first qualifying window of the whole array', () => {
  fc.assert(
    fc.property(setting, probabilities, ({ window, threshold }, given) => {
      assert.equal(run({ window, threshold }, given).index, firstWindow(window, threshold, given));
    }),
  );
});

test('a window that is exactly the threshold throughout has reached it', () => {
  fc.assert(
    fc.property(setting, ({ window, threshold }) => {
      assert.equal(run({ window, threshold }, Array<number>(window).fill(threshold)).index, window - 1);
    }),
  );
});

test('fewer tokens than the window never switch, and have no value', () => {
  fc.assert(
    fc.property(setting, probabilities, ({ window, threshold }, given) => {
      const { index, values } = run({ window, threshold }, given.slice(0, window - 1));
      assert.equal(index, undefined);
      assert.ok(values.every((value) => value === undefined));
    }),
  );
});

test('a higher threshold never switches earlier', () => {
  fc.assert(
    fc.property(setting, fc.double({ min: 0, max: 1, noNaN: true }), probabilities, (low, share, given) => {
      const high = low.threshold + share * (1 - low.threshold);
      const early = run(low, given).index ?? Infinity;
      const late = run({ ...low, threshold: high }, given).index ?? Infinity;
      assert.ok(early <= late);
    }),
  );
});

test('an impossible token keeps every window that holds it from switching', () => {
  const { index, values } = run({ window: 3, threshold: 0.5 }, [1, 0, 1, 1, 1]);
  assert.equal(index, 4);
  assert.deepEqual(values, [undefined, undefined, 0, 0, 1]);
});

test('responses do not share state', () => {
  const criterion = windowedConfidence({ window: 2, threshold: 0.8 });
  const sure = drafted(1);
  criterion.start().push(sure);
  assert.equal(criterion.start().push(sure).accept, false);
});

for (const window of [0, -1, 1.5, Number.NaN, Infinity]) {
  test(`a window of ${window} is refused in a sentence that names it`, () => {
    assert.throws(
      () => windowedConfidence({ window }),
      (error) =>
        error instanceof ConfigError && error.code === 'bad-window' && /window .*not .*: try 6\.$/u.test(error.message),
    );
  });
}

for (const threshold of [0, -0.1, 1.000001, Number.NaN, Infinity]) {
  test(`a threshold of ${threshold} is refused in a sentence that names it`, () => {
    assert.throws(
      () => windowedConfidence({ threshold }),
      (error) =>
        error instanceof ConfigError &&
        error.code === 'bad-gamma' &&
        /Gamma .*not .*: try 0\.8\.$/u.test(error.message),
    );
  });
}
