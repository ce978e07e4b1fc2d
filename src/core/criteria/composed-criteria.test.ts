import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ConfigError } from '../errors.ts';
import type { SwitchCriterion } from '../switch-criterion.ts';
import { afterTokens } from './after-tokens.ts';
import { allOf } from './all-of.ts';
import { anyOf } from './any-of.ts';
import { atBoundary } from './at-boundary.ts';
import { always, never } from './constant-criteria.ts';
import { drafted, type Known, run, tokens } from './drafted-tokens.test.ts';
import { firstChoiceAgreement } from './first-choice-agreement.ts';
import { fixedLength } from './fixed-length.ts';
import { meanProbability } from './mean-probability.ts';
import { relativeConfidence } from './relative-confidence.ts';
import { tokenConfidence } from './token-confidence.ts';
import { windowedConfidence } from './windowed-confidence.ts';

const count = fc.integer({ min: 1, max: 30 });
const member = fc.oneof(
  fc.record({ window: count, threshold: fc.double({ min: 0.05, max: 1, noNaN: true }) }).map(windowedConfidence),
  fc.record({ window: count, threshold: fc.double({ min: 0.05, max: 1, noNaN: true }) }).map(meanProbability),
  count.map(fixedLength),
  fc.constantFrom(never, always),
);

/** At which tokens a criterion accepts, asked of all of them. */
function accepts(criterion: SwitchCriterion, given: readonly Known[]): boolean[] {
  const detector = criterion.start();
  return given.map((known) => detector.push(drafted(known)).accept);
}

test('anyOf accepts where a member does, allOf where all do', () => {
  fc.assert(
    fc.property(fc.array(member, { minLength: 1, maxLength: 4 }), tokens, (members, given) => {
      const each = members.map((one) => accepts(one, given));
      assert.deepEqual(
        accepts(anyOf(members), given),
        given.map((_, i) => each.some((one) => one[i])),
      );
      assert.deepEqual(
        accepts(allOf(members), given),
        given.map((_, i) => each.every((one) => one[i])),
      );
    }),
  );
});

test('the value of a combination is the share of members that accept', () => {
  const given = [{ p: 0.6 }, { p: 0.96 }];
  const members = [tokenConfidence({ threshold: 0.5 }), tokenConfidence({ threshold: 0.9 })];
  assert.deepEqual(run(allOf(members), given), { index: 1, values: [0.5, 1] });
  assert.deepEqual(run(anyOf(members), given), { index: 0, values: [0.5] });
});

test('a combination of nothing is refused', () => {
  for (const combine of [anyOf, allOf]) assert.throws(() => combine([]), ConfigError);
});

test('after accepts where its criterion does and enough tokens are kept', () => {
  fc.assert(
    fc.property(count, member, tokens, (n, inner, given) => {
      const expected = accepts(inner, given).map((accept, i) => accept && i + 1 >= n);
      assert.deepEqual(accepts(afterTokens(n, inner), given), expected);
    }),
  );
});

test('fixed keeps k tokens: always, after k of them', () => {
  fc.assert(
    fc.property(count, tokens, (k, given) => {
      assert.equal(run(fixedLength(k), given).index, given.length < k ? undefined : k - 1);
      assert.deepEqual(accepts(fixedLength(k), given), accepts(afterTokens(k, always), given));
    }),
  );
});

test('never and always do so', () => {
  assert.deepEqual(accepts(never, [{ p: 1 }, { p: 1 }]), [false, false]);
  assert.deepEqual(accepts(always, [{ p: 0 }, { p: 0 }]), [true, true]);
});

test('boundary accepts only where its criterion does', () => {
  fc.assert(
    fc.property(member, tokens, (inner, given) => {
      const inside = accepts(inner, given);
      const ends = accepts(atBoundary(always), given);
      assert.deepEqual(
        accepts(atBoundary(inner), given),
        given.map((_, i) => inside[i]! && ends[i]!),
      );
    }),
  );
});

const ENDINGS: readonly (readonly [string[], boolean])[] = [
  [['Hi', '.'], true],
  [['Hi', '!', ' So'], false],
  [['Why', '?'], true],
  [['He said "Hi', '."'], true],
  [['(Hi', '.)'], true],
  [['**Hi', '.**'], true],
  [['wait', '…'], true],
  [['はい', '。'], true],
  [['a line', '\n'], true],
  [['a line', '\n\n'], true],
  [['a line\n', '  '], true],
  [['a line\n', '- item'], false],
  [['Hi. ', ' '], true],
  [['word'], false],
  [['3', '.'], false],
  [['3', '.', '14'], false],
  [['\n1', '.'], false],
  [['e', '.'], false],
  [['e', '.', 'g', '.'], false],
  [['J', '.'], false],
  [['Say I do', '.'], true],
  [['a, b', ','], false],
];

for (const [texts, expected] of ENDINGS) {
  test(`${JSON.stringify(texts.join(''))} ${expected ? 'ends' : 'does not end'} a sentence or line`, () => {
    const given = texts.map((text) => ({ text }));
    assert.equal(accepts(atBoundary(always), given).at(-1), expected);
  });
}

test('a mark whose bytes come in two tokens ends the sentence with the second', () => {
  const detector = atBoundary(always).start();
  const [first, ...rest] = new TextEncoder().encode('。');
  const at = (bytes: number[]) => detector.push({ ...drafted({}), bytes: Uint8Array.from(bytes) }).accept;
  assert.deepEqual([at([first!]), at(rest)], [false, true]);
});

test('what a member needs, the whole needs', () => {
  const members = [windowedConfidence(), firstChoiceAgreement(), relativeConfidence()];
  for (const wrap of [anyOf, allOf, (all: readonly SwitchCriterion[]) => atBoundary(anyOf(all))]) {
    assert.deepEqual(
      [1, 2, 3].map((size) => {
        const { needsStatistics, needsDraftLogprobs = false } = wrap(members.slice(0, size));
        return [needsStatistics, needsDraftLogprobs];
      }),
      [
        [[], false],
        [['firstChoice'], false],
        [['firstChoice'], true],
      ],
    );
  }
  assert.deepEqual(afterTokens(3, firstChoiceAgreement()).needsStatistics, ['firstChoice']);
});

test('a count that is none is refused', () => {
  for (const [make, says] of [
    [() => fixedLength(0), 'The k of fixed must be a whole number of at least 1, not 0.'],
    [() => afterTokens(1.5, always), 'The n of after must be a whole number of at least 1, not 1.5.'],
  ] as const) {
    assert.throws(make, { name: 'ConfigError', message: says });
  }
});
