import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import fc from 'fast-check';
import { ConfigError } from '../../../core/errors.ts';
import { CRITERION_KINDS, CRITERION_NAMES } from './criterion-kinds.ts';
import { parseCriterion } from './parse-criterion.ts';

const CANONICAL: Record<string, string> = {
  confidence: 'confidence(window=6, threshold=0.8)',
  'confidence()': 'confidence(window=6, threshold=0.8)',
  'confidence(window=4)': 'confidence(window=4, threshold=0.8)',
  'confidence( 4 ,\n0.5 )': 'confidence(window=4, threshold=0.5)',
  'confidence(threshold=.5, 4)': 'confidence(window=4, threshold=0.5)',
  'token(0.95)': 'token(threshold=0.95)',
  'min(window=1e1)': 'min(window=10, threshold=0.5)',
  'boundary(confidence)': 'boundary(confidence(window=6, threshold=0.8))',
  'anyOf(agreement(window=8, share=0.9), after(40, token(0.95)))':
    'anyOf(agreement(window=8, share=0.9), after(n=40, token(threshold=0.95)))',
  'allOf(fixed(3))': 'allOf(fixed(k=3))',
  'after(always, 3)': 'after(n=3, always)',
  ' never ': 'never',
  'relative(factor=2)': 'relative(window=6, factor=2)',
  'entropy(bound=0)': 'entropy(window=6, bound=0)',
  'decay(ratio=1e-7)': 'decay(window=6, ratio=1e-7)',
};

suite('the grammar reads', () => {
  for (const [text, name] of Object.entries(CANONICAL)) {
    test(JSON.stringify(text), () => assert.equal(parseCriterion(text).name, name));
  }
});

const WRONG: Record<string, RegExp> = {
  '': /at character 1: the name of a criterion belongs here, one of confidence, .*, always\.$/,
  '0.8': /at character 1: the name of a criterion/,
  'confidance(0.8)': /at character 1: there is no criterion "confidance" \(did you mean confidence\?\); there are /,
  'boundary(tokn)': /at character 10: there is no criterion "tokn" \(did you mean token\?\)/,
  'token(treshold=1)':
    /at character 7: token has no "treshold" \(did you mean threshold\?\); write token\(threshold\)\.$/,
  'token(0.8, 0.9)': /at character 12: one number too many; write token\(threshold\)\.$/,
  'token(threshold=token)': /at character 17: the threshold of token must be a number\.$/,
  'token(threshold 1)': /at character 17: "=" and a number belong after threshold\.$/,
  'token(threshold=1, threshold=1)': /at character 20: the threshold of token is given twice\.$/,
  'token(1': /at character 8: a comma or a closing bracket belongs here\.$/,
  'token(1,)': /at character 9: an argument of token belongs here/,
  'token(1))': /at character 9: nothing may follow the criterion\.$/,
  'token(never)': /at character 7: token takes no criterion; write token\(threshold\)\.$/,
  'boundary(never, never)': /at character 17: boundary takes no second criterion; write boundary\(criterion\)\.$/,
  'boundary(3)': /at character 10: one number too many; write boundary\(criterion\)\.$/,
  boundary: /at character 1: boundary lacks a criterion; write boundary\(criterion\)\.$/,
  'anyOf()': /at character 1: anyOf lacks a criterion; write anyOf\(criterion, …\)\.$/,
  'after(token)': /at character 1: after lacks n; write after\(n, criterion\)\.$/,
  fixed: /at character 1: fixed lacks k; write fixed\(k\)\.$/,
  'allOf(never, min(window=0))': /at character 14: the window of min must be a whole number of at least 1, not 0\.$/,
  'token(1e999)': /at character 1: the threshold of token must be above 0 and at most 1, not Infinity\.$/,
  'confidence(6; 0.8)': /at character 13: ";" begins no name and no number/,
  'token(0x1)': /at character 7: "0" begins no name/,
  'token(1.2.3)': /at character 7: "1" begins no name/,
  constructor: /there is no criterion "constructor"/,
  'toString()': /there is no criterion "toString"/,
};

suite('the grammar refuses in a sentence', () => {
  for (const [text, says] of Object.entries(WRONG)) {
    test(JSON.stringify(text), () => {
      assert.throws(
        () => parseCriterion(text),
        (error) => {
          assert.ok(error instanceof ConfigError);
          assert.match(error.message, says);
          return error.code === 'bad-criterion';
        },
      );
    });
  }
});

test('eight criteria within another are read, nine are not; a text may have 1000 characters', () => {
  const nested = (depth: number) => `${'boundary('.repeat(depth - 1)}never${')'.repeat(depth - 1)}`;
  assert.equal(parseCriterion(nested(8)).name, nested(8));
  assert.throws(() => parseCriterion(nested(9)), /criteria may be nested 8 deep/);
  assert.equal(parseCriterion('never'.padEnd(1000)).name, 'never');
  assert.throws(() => parseCriterion('never'.padEnd(1001)), /has 1001 characters, at most 1000/);
});

const window = fc.integer({ min: 1, max: 10_000 });
const share = fc.double({ min: 0, minExcluded: true, max: 1, noNaN: true });
const leaf = fc.oneof(
  fc
    .tuple(fc.constantFrom('confidence', 'min', 'mean', 'agreement', 'decay', 'relative', 'entropy'), window, share)
    .map(([name, size, value]) => `${name}(${size}, ${value})`),
  share.map((value) => `token(${value})`),
  window.map((k) => `fixed(${k})`),
  fc.constantFrom('never', 'always', 'confidence', 'relative()'),
);
const { criterion } = fc.letrec<{ criterion: string }>((tie) => ({
  criterion: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    tie('criterion').map((inner) => `boundary( ${inner} )`),
    fc.tuple(window, tie('criterion')).map(([n, inner]) => `after(${n}, ${inner})`),
    fc
      .tuple(fc.constantFrom('anyOf', 'allOf'), fc.array(tie('criterion'), { minLength: 1, maxLength: 2 }))
      .map(([name, members]) => `${name}(${members.join(',')})`),
  ),
}));

test('the name of a criterion is its canonical text', () => {
  fc.assert(
    fc.property(criterion, (text) => {
      const { name } = parseCriterion(text);
      fc.pre(name.length <= 1000);
      assert.equal(parseCriterion(name).name, name);
    }),
  );
});

test('no text does anything but parse or be refused', () => {
  const word = fc.constantFrom(...CRITERION_NAMES, ...Object.values(CRITERION_KINDS).flatMap(({ numbers }) => numbers));
  const scrap = fc.oneof(word, fc.constantFrom('(', ')', ',', '=', ' ', '1', '0.5', '-1', '1e9', '.'), fc.string());
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(scrap).map((scraps) => scraps.join('')),
      ),
      (text) => {
        try {
          parseCriterion(text);
        } catch (error) {
          assert.ok(error instanceof ConfigError, String(error));
          assert.match(error.message, /\.$/);
        }
      },
    ),
    { numRuns: 2000 },
  );
});
