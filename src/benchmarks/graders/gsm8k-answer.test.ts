import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gradeGsm8k } from './gsm8k-answer.ts';

suite('GSM8K', () => {
  const grade = (answer: string, response: string) => {
    const { strict, flexible } = gradeGsm8k(answer, response);
    return `${strict ? 'strict' : '-'} ${flexible ? 'flexible' : '-'}`;
  };

  test('strict takes the first number after ####, flexible the last one anywhere', () => {
    assert.equal(grade('It is so.\n#### 18', 'So 9 * 2.\n#### 18'), 'strict flexible');
    assert.equal(grade('#### 18', '#### 18 and not 17'), 'strict -');
    assert.equal(grade('#### 18', '#### 17, no: #### 18'), '- flexible');
    assert.equal(grade('#### 18', 'The answer is 18.'), '- flexible');
    assert.equal(grade('#### 18', '####18'), '- flexible');
    assert.equal(grade('#### 18', 'none'), '- -');
    assert.equal(grade('#### 18', ''), '- -');
  });

  test('commas, dollar signs and a last full stop are no part of a number', () => {
    assert.equal(grade('#### 1,000', '#### 1000.'), 'strict flexible');
    assert.equal(grade('1000', 'That makes $1,000.'), '- flexible');
    assert.equal(grade('#### -3', '#### -3'), 'strict flexible');
    assert.equal(grade('#### 2.50', '#### 2.5'), '- -');
    // One digit alone is found by the second half of the pattern only.
    assert.equal(grade('5', 'It is 5'), '- flexible');
    assert.equal(grade('5', 'It is 5, or so...'), '- -');
  });

  test('a bare number is an answer as well', () => {
    assert.equal(grade('18', '#### 18'), 'strict flexible');
  });
});
