import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunResult } from '../../../assembly/run-result.ts';
import { coloursOf } from '../terminal.ts';
import { traceText } from '../trace-text.ts';
import { layOutTokens } from './laid-out-tokens.ts';
import { tracePicture } from './trace-picture.ts';

type Token = RunResult['tokens'][number];

const drafted = (text: string, p: number, window: number | null = null): Token => ({
  ...{ id: 1, text, source: 'draft' },
  ...{ logprob: Math.log(p), window },
});
const written = (text: string): Token => ({ id: 1, text, source: 'base', logprob: null, window: null });

function traceOf(tokens: Token[], index = 2): RunResult {
  return {
    version: 1,
    request: {
      messages: [{ role: 'user', content: 'hi' }],
      prompt: { text: [], stop: [] },
      strategy: 'wsd',
      criterion: 'confidence(window=2, threshold=0.8)',
      models: { base: { named: './models/large.gguf' }, draft: { named: 'small' } },
      settings: {},
    },
    text: tokens.map(({ text }) => text).join(''),
    strategy: 'wsd',
    switch: { index, reason: 'confident', draftTokens: 4 },
    tokens,
    usage: { promptTokens: 1, draftTokens: 4, keptDraftTokens: 2, baseTokens: 1, totalTokens: 4 },
    timings: { firstTokenMs: 1, draftMs: 1, scoreMs: 1, baseMs: 1, totalMs: 1 },
    models: { base: 'large', draft: 'small' },
    finishReason: 'stop',
  };
}

const HELLO = traceOf([drafted('Hel', 0.5), drafted('lo', 0.99, 0.85), written(' you')]);

test('the picture has every token in its colour, the dots, the line, γ and the switch', () => {
  const svg = tracePicture(HELLO);
  assert.equal(svg.match(/class="token"/g)?.length, 3);
  assert.equal(svg.match(/<rect class="draft" x="[\d.]+" y="66"/g)?.length, 2);
  assert.equal(svg.match(/<rect class="base" x="[\d.]+" y="66"/g)?.length, 1);
  assert.equal(svg.match(/class="dot"/g)?.length, 2);
  assert.match(svg, /γ = 0\.8/);
  assert.match(svg, />switch</);
  assert.match(svg, /draft: small.*base: large\.gguf/s);
  assert.match(svg, /prefers-color-scheme:dark/);
});

test('what a model wrote is text, whatever it is', () => {
  const svg = tracePicture(traceOf([drafted('<script>', 0.5), drafted('\u001b[2J&', 0.9), written(']]>')]));
  assert.match(svg, /&lt;script&gt;/);
  assert.match(svg, /\u{FFFD}\[2J&amp;/u);
  assert.doesNotMatch(svg, /<script|\u001b/);
});

test('a response without confidences has no chart', () => {
  const { request, ...rest } = traceOf([written('Hi')], 0);
  const svg = tracePicture({ ...rest, request: { ...request, criterion: null }, switch: null });
  assert.doesNotMatch(svg, /polyline|γ/);
});

test('lines break before a token that does not fit, within one that never fits, and where the response has them', () => {
  const laid = layOutTokens(
    [written('abc'), written('def'), written('a\n\nb'), written('0123456789'), written('日本')],
    5,
  );
  assert.deepEqual(
    laid.map(({ text, line, column, index }) => [text, line, column, index]),
    [
      ['abc', 0, 0, 0],
      ['def', 1, 0, 1],
      ['a↵', 1, 3, 2],
      ['↵', 2, 0, 2],
      ['b', 3, 0, 2],
      ['01234', 4, 0, 3],
      ['56789', 5, 0, 3],
      ['日本', 6, 0, 4],
    ],
  );
});

test('in a terminal a bar stands for each drafted token', () => {
  const colours = coloursOf({});
  assert.equal(
    traceText(HELLO, { colours }, 80),
    'Hello⟫ you\nconfidence ▅█\nwindow      ▇\ncriterion  confidence(window=2, threshold=0.8)\n',
  );
});
