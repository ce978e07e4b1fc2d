import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FinishReason } from './language-model.ts';
import { type ResponseEvent, ResponseStream } from './response-stream.ts';

const SWITCH = { type: 'model-switch', index: 1, reason: 'confident', draftTokens: 1 } as const;

/** Pushes all tokens: the events, call by call, with those of the end last. */
function stream(stops: readonly string[], tokens: readonly (Uint8Array | 'switch')[]): ResponseEvent[][] {
  const response = new ResponseStream(stops);
  const calls = tokens.map((bytes) =>
    bytes === 'switch' ? response.pushSwitch(SWITCH) : response.pushToken({ id: undefined, source: 'draft' }, bytes),
  );
  return [...calls, response.end('stop')];
}

function textOf(events: readonly ResponseEvent[]): string {
  return events.map((event) => (event.type === 'token' ? event.text : '')).join('');
}

function utf8(...texts: string[]): Uint8Array[] {
  return texts.map((text) => new TextEncoder().encode(text));
}

/** Reads character by character, until some stop string is complete. */
function cutAtFirstStop(text: string, stops: readonly string[]): string {
  for (let end = 1; end <= text.length; end++) {
    const starts = stops
      .filter((stop) => stop !== '' && text.slice(0, end).endsWith(stop))
      .map((stop) => end - stop.length);
    if (starts.length > 0) return text.slice(0, Math.min(...starts));
  }
  return text;
}

function splitBytes(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (let i = 0; start < bytes.length; i++) {
    const end = start + lengths[i % lengths.length]!;
    pieces.push(bytes.subarray(start, end));
    start = end;
  }
  return pieces;
}

const letters = fc
  .array(fc.constantFrom('a', 'b', 'c', '\n', '[', '好', '🎉', '👩‍👧'), { maxLength: 40 })
  .map((all) => all.join(''));
const someStops = fc.array(
  fc
    .array(fc.constantFrom('a', 'b', 'c', '\n', '[', '好', '🎉'), { minLength: 1, maxLength: 4 })
    .map((all) => all.join('')),
  { maxLength: 4 },
);
const lengths = fc
  .array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 8 })
  .filter((all) => all.some(Boolean));

test('the response is the text up to the stop string that is complete first, however it is split into tokens', () => {
  fc.assert(
    fc.property(letters, someStops, lengths, fc.nat(40), (text, stops, sizes, switchAt) => {
      const tokens: (Uint8Array | 'switch')[] = splitBytes(new TextEncoder().encode(text), sizes);
      tokens.splice(switchAt, 0, 'switch');
      const events = stream(stops, tokens).flat();
      assert.equal(textOf(events), cutAtFirstStop(text, stops));
    }),
    { numRuns: 1000 },
  );
});

test('at no time does the emitted text hold a stop string, or the beginning of the one that ends it', () => {
  fc.assert(
    fc.property(letters, someStops, lengths, (text, stops, sizes) => {
      const calls = stream(stops, splitBytes(new TextEncoder().encode(text), sizes));
      const expected = cutAtFirstStop(text, stops);
      let emitted = '';
      for (const events of calls) {
        emitted += textOf(events);
        assert.ok(expected.startsWith(emitted));
        assert.ok(stops.every((stop) => !emitted.includes(stop)));
      }
    }),
    { numRuns: 1000 },
  );
});

test('every event has whole characters', () => {
  fc.assert(
    fc.property(letters, someStops, lengths, (text, stops, sizes) => {
      for (const event of stream(stops, splitBytes(new TextEncoder().encode(text), sizes)).flat()) {
        assert.ok(textOf([event]).isWellFormed());
        assert.ok(!textOf([event]).includes('\uFFFD'));
      }
    }),
  );
});

test('of a stop string within another, the one counts that is complete first, in one token or in several', () => {
  for (const tokens of [['xabcd'], ['xab', 'cd'], ['x', 'abc', 'd']]) {
    assert.equal(textOf(stream(['abcd', 'bc'], utf8(...tokens)).flat()), 'xa');
    assert.equal(textOf(stream(['cd', 'bcd', 'd'], utf8(...tokens)).flat()), 'xa');
  }
});

test('what can still become a stop string waits, and comes out once it can not', () => {
  const calls = stream(['[User]'], utf8('Hi', '\n[', 'Use', 'ful]'));
  assert.deepEqual(calls.map(textOf), ['Hi', '', '', '\n[Useful]', '']);
});

test('what still waits at the end comes out', () => {
  assert.deepEqual(stream(['[User]'], utf8('Hi [Us')).map(textOf), ['', 'Hi [Us']);
});

test('of a stop string of the form that a limit cut, nothing comes out', () => {
  const form = ['\n\n[User]', '[User]'];
  const ended = (text: string, reason: FinishReason) => {
    const response = new ResponseStream(['[Use me]'], form);
    const events = utf8(text).flatMap((bytes) => response.pushToken({ id: undefined, source: 'base' }, bytes));
    return textOf([...events, ...response.end(reason)]);
  };
  assert.equal(ended('Hi \n\n[Us', 'length'), 'Hi ');
  assert.equal(ended('Hi [User', 'length'), 'Hi ');
  assert.equal(ended('Hi [User', 'stop'), 'Hi [User');
  assert.equal(ended('Hi [Use m', 'length'), 'Hi [Use m');
  assert.equal(ended('Hi\n\n', 'length'), 'Hi\n\n');
});

test('a stop string cuts its own token, and drops what follows', () => {
  const response = new ResponseStream(['STOP']);
  const events = utf8('one tw', 'o STOP three', 'four').flatMap((bytes) =>
    response.pushToken({ id: undefined, source: 'base' }, bytes),
  );
  assert.equal(textOf(events), 'one two ');
  assert.equal(response.stopped, true);
  assert.deepEqual(response.end('stop'), []);
});

test('the switch keeps its place among the tokens that wait, and survives a stop string around it', () => {
  const [first, second] = utf8('a\n', '[User]');
  const waiting = stream(['[Use'], [...utf8('a['), 'switch', ...utf8('x')]).flat();
  assert.deepEqual(
    waiting.map(({ type }) => type),
    ['token', 'model-switch', 'token'],
  );
  const stopped = stream(['\n[User]'], [first!, 'switch', second!]).flat();
  assert.deepEqual(
    stopped.map(({ type }) => type),
    ['token', 'model-switch'],
  );
  assert.equal(textOf(stopped), 'a');
});

test('a token that ends in half a character has the text that is whole, and the next one the rest', () => {
  const emoji = new TextEncoder().encode('a🎉');
  const calls = stream([], [emoji.subarray(0, 3), emoji.subarray(3, 4), emoji.subarray(4)]);
  assert.deepEqual(
    calls.map((events) => events.map((event) => textOf([event]))),
    [['a'], [''], ['🎉'], []],
  );
});

test('a character left unfinished at the end is dropped, bytes that are no UTF-8 are replaced', () => {
  assert.equal(textOf(stream([], [...utf8('a'), Uint8Array.of(0xf0, 0x9f)]).flat()), 'a');
  assert.equal(textOf(stream([], [Uint8Array.of(0xff), ...utf8('a')]).flat()), '\uFFFDa');
});

test('an empty stop string stops nothing', () => {
  assert.equal(textOf(stream([''], utf8('abc')).flat()), 'abc');
});
