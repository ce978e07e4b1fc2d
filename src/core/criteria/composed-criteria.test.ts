import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { endsSentence } from '../ends-sentence.ts';
import { ConfigError } from '../errors.ts';
import type { SwitchCriterion } from '../switch-criterion.ts';
import { afterTokens } from './after-tokens.ts';
import { allOf } from './all-of.ts';
import { anyOf } from './any-of.ts';
import { atBoundary } from './at-boundary.ts';
import { always, never } from './constant-criteria.ts';
import { drafted, type Known, run, tokens } from '../../../test/fixtures/drafted-tokens.ts';
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

test('the value of fixed is how many tokens there are', () => {
  fc.assert(
    fc.property(count, tokens, (k, given) => {
      const expected = given.slice(0, k).map((_, i) => i + 1);
      assert.deepEqual(run(fixedLength(k), given).values, expected);
    }),
  );
});

test('never accepts no token and always every one, and neither has a value', () => {
  fc.assert(
    fc.property(tokens, (given) => {
      assert.ok(accepts(never, given).every((accept) => !accept));
      assert.ok(accepts(always, given).every((accept) => accept));
      for (const criterion of [never, always]) {
        assert.ok(run(criterion, given).values.every((value) => value === undefined));
      }
    }),
  );
});

test('boundary accepts where its criterion does and the whole text ends a sentence or line', () => {
  fc.assert(
    fc.property(member, tokens, (inner, given) => {
      const inside = accepts(inner, given);
      const texts = given.map((_, i) =>
        given
          .slice(0, i + 1)
          .map(({ text }) => text)
          .join(''),
      );
      assert.deepEqual(
        accepts(atBoundary(inner), given),
        texts.map((text, i) => inside[i]! && endsSentence(text)),
      );
    }),
  );
});

test('what boundary looks back at is enough, however the text is cut into bytes', () => {
  const text = fc.array(fc.constantFrom('a', ' b', '.', '!', '\n', '3', '."', '🎉', '。'), { maxLength: 40 });
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 5 }), (pieces, size) => {
      const bytes = new TextEncoder().encode(pieces.join(''));
      const detector = atBoundary(always).start();
      const decoder = new TextDecoder();
      let whole = '';
      for (let from = 0; from < bytes.length; from += size) {
        const part = bytes.slice(from, from + size);
        whole += decoder.decode(part, { stream: true });
        assert.equal(detector.push({ ...drafted({}), bytes: part }).accept, endsSentence(whole));
      }
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
