import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { EXAMPLE_TOKENIZERS } from '../engines/scripted/example-tokenizers.ts';
import { pseudoRandom } from '../engines/scripted/next-token.ts';
import { scriptedModel } from '../engines/scripted/scripted-model.ts';
import { wordTokenizer } from '../engines/scripted/word-tokenizer.ts';
import { DraftRetokenizer, type SettledToken } from './draft-retokenizer.ts';
import type { LanguageModel, TokenId } from './language-model.ts';

const next = pseudoRandom(1);
const LONG = 'You are kind, and you answer in whole sentences. '.repeat(8);
const PROMPTS = [
  LONG,
  `${LONG}\n\n[Assistant]\n`,
  `${LONG}你好世界。`,
  `${LONG}${'x'.repeat(70)}`,
  '\n\n[User]\nHello\n\n[Assistant]\n',
  '[Assistant]\n\n',
  'The ca',
  'Hi ',
  'x你',
  'x---',
];

const draft = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'The',
        ' the',
        ' cat',
        ' sat',
        '.',
        '.\n\n',
        '\n',
        ' ',
        '  ',
        '\t',
        '...',
        '1',
        '1234',
        "n't",
        '[User]',
      ),
      fc.constantFrom('你好', '世界。', '猫', '🎉', '🎉🎉', '👩‍👩‍👧', '🙂', 'é', '\r\n', ');', '\u00a0', '\u3000'),
      fc
        .integer({ min: 1, max: 150 })
        .chain((n) => fc.constantFrom(' ', '-', 'a', '\n', '你好', 'the', '🎉').map((part) => part.repeat(n))),
    ),
    { maxLength: 20 },
  )
  .map((parts) => parts.join(''));
const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 10 });

interface Retokenized {
  readonly tokens: readonly SettledToken[];
  /** The prefix that each step gave. */
  readonly prefixes: readonly (readonly TokenId[])[];
  readonly settled: readonly (readonly SettledToken[])[];
}

async function retokenize(base: LanguageModel, prompt: string, chunks: readonly string[]): Promise<Retokenized> {
  const text = await DraftRetokenizer.start(base, [{ text: prompt, control: false }]);
  const steps = [];
  for (const chunk of chunks) steps.push(await text.extend(chunk, { complete: false }));
  steps.push(await text.extend('', { complete: true }));
  return {
    tokens: steps.flatMap((step) => step.tokens),
    prefixes: steps.map((step) => step.prefix),
    settled: steps.map((step) => step.tokens),
  };
}

/** The whole draft at once. */
async function tokenizeAtOnce(base: LanguageModel, prompt: string, text: string) {
  const encode = (whole: string) => base.encode([{ text: whole, control: false }]);
  const own = await encode(prompt);
  const all = await encode(prompt + text.trimEnd());
  const differs = all.findIndex((token, i) => token !== own[i]);
  return { prefix: differs < 0 ? own : all.slice(0, differs), tokens: differs < 0 ? [] : all.slice(differs) };
}

function splitText(text: string, lengths: readonly number[]): string[] {
  const characters = Array.from(text);
  const chunks: string[] = [];
  for (let i = 0; characters.length > 0; i++) chunks.push(characters.splice(0, lengths[i % lengths.length]).join(''));
  return chunks;
}

function joinedText(tokens: readonly SettledToken[]): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    Uint8Array.from(tokens.flatMap(({ bytes }) => [...bytes])),
  );
}

for (const [name, tokenizer] of Object.entries(EXAMPLE_TOKENIZERS)) {
  test(`${name}: text in chunks has the tokens of the whole text at once, each settled once`, async () => {
    const base = scriptedModel({ next, tokenizer });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PROMPTS), draft, sizes, async (prompt, text, lengths) => {
        const expected = await tokenizeAtOnce(base, prompt, text);
        const { tokens, prefixes, settled } = await retokenize(base, prompt, splitText(text, lengths));
        assert.deepEqual(
          tokens.map(({ token }) => token),
          expected.tokens,
        );
        assert.equal(joinedText(tokens), text.trimEnd());
        let seen = 0;
        for (const [i, prefix] of prefixes.entries()) {
          const ids = settled[i]!.map(({ token }) => token);
          if (ids.length > 0) assert.deepEqual(prefix, [...expected.prefix, ...expected.tokens.slice(0, seen)]);
          seen += ids.length;
        }
      }),
      { numRuns: 150 },
    );
  });
}

const seamTokenizer = wordTokenizer(['Hel', 'Hello', ']\n', '\n', '\n\n', ' world']);

test('where a token spans the seam, it is the first token, without the bytes of the prompt', async () => {
  const base = scriptedModel({ next, tokenizer: seamTokenizer });
  const { tokens, prefixes } = await retokenize(base, 'Say Hel', ['lo', ' wor', 'ld']);
  assert.equal(base.vocabulary.textOf(tokens.map(({ token }) => token)), 'Hello world');
  assert.equal(joinedText(tokens), 'lo world');
  assert.equal(base.vocabulary.textOf(prefixes[1]!), 'Say ');
});

test('where two tokens hold what is left of the prompt, neither gives it again', async () => {
  const words = wordTokenizer(['ab', 'cde', 'abc', 'def ghi', ' jkl', ' mno']);
  const cut = (text: string) => (text === 'Pabcde' ? ['P', 'ab', 'cde'] : ['P', 'abc', ...words.encode(text.slice(4))]);
  const encode = (text: string) => cut(text).flatMap((part) => (typeof part === 'string' ? words.encode(part) : part));
  const base = scriptedModel({ next, tokenizer: { ...words, encode } });
  const { tokens, settled } = await retokenize(base, 'Pabcde', ['f ghi', ' jkl', ' mno']);
  assert.deepEqual(settled.map(joinedText), ['', 'f ghi', ' jkl', ' mno']);
  assert.equal(base.vocabulary.textOf(settled[1]!.map(({ token }) => token)), 'def ghi');
  assert.equal(joinedText(tokens), 'f ghi jkl mno');
});

test('the first token of the prompt stays, for a model needs one before it can score', async () => {
  const base = scriptedModel({ next, tokenizer: wordTokenizer(['Hi', 'High', ' there']) });
  const { tokens, prefixes } = await retokenize(base, 'Hi', ['gh', ' there', ' you']);
  const [first] = await base.encode([{ text: 'Hi', control: false }]);
  assert.deepEqual(
    prefixes.map((prefix) => prefix[0]),
    [first, first, first, first],
  );
  assert.equal(joinedText(tokens), 'gh there you');
});

test('an empty draft, or one of blanks, has no tokens and leaves the prompt as it is', async () => {
  const base = scriptedModel({ next, tokenizer: seamTokenizer });
  for (const chunks of [[], [''], ['\n', '\n  ']]) {
    const { tokens, prefixes } = await retokenize(base, '[Assistant]\n', chunks);
    assert.deepEqual(tokens, []);
    assert.equal(base.vocabulary.textOf(prefixes.at(-1)!), '[Assistant]\n');
  }
});

test('the blanks before the last word wait with it: the draft may end there', async () => {
  const base = scriptedModel({ next });
  const { settled } = await retokenize(base, 'x', ['The cat ', ' ', 'sat', ' ']);
  assert.deepEqual(settled.map(joinedText), ['The', '', ' cat', '', '  sat']);
});

test('a text without spaces is settled up to its last 64 characters, never within one', async () => {
  const base = scriptedModel({ next });
  const { settled } = await retokenize(base, 'x', ['🎉'.repeat(33)]);
  assert.equal(joinedText(settled[0]!), '🎉');
  // The second has the first low surrogate there is, U+DC00, and the third the last one.
  for (const character of ['🎉', '\u{10000}', '\u{103ff}']) {
    const odd = await retokenize(base, 'x', [`a${character.repeat(32)}b`]);
    assert.equal(joinedText(odd.settled[0]!), 'a');
  }
});

test('tokens that were settled stay, with a tokenizer that thinks otherwise later', async () => {
  const base = scriptedModel({ next, tokenizer: wordTokenizer(['The cat sat']) });
  const { tokens } = await retokenize(base, 'x', ['The cat', ' sat', ' on']);
  assert.equal(joinedText(tokens), 'The cat sat on');
});

test('a long prompt is tokenised twice, whatever the number of chunks', async () => {
  for (const [name, tokenizer] of Object.entries(EXAMPLE_TOKENIZERS)) {
    const base = scriptedModel({ next, tokenizer });
    const asked: string[] = [];
    const encode = base.encode.bind(base);
    base.encode = (text) => {
      asked.push(text.map((segment) => segment.text).join(''));
      return encode(text);
    };
    const chunks = Array.from({ length: 30 }, (_, i) => ` word ${i}`);
    const { tokens } = await retokenize(base, `Begin. ${LONG}`, chunks);
    assert.equal(joinedText(tokens), chunks.join(''));
    assert.equal(asked.filter((text) => text.startsWith('Begin.')).length, 2, name);
  }
});

test('a prompt that ends with a control token is tokenised from there on', async () => {
  const base = scriptedModel({ next, tokenizer: EXAMPLE_TOKENIZERS.merges, controlTexts: ['<turn>'] });
  const asked: string[] = [];
  const encode = base.encode.bind(base);
  base.encode = (text) => {
    asked.push(text.map((segment) => segment.text).join(''));
    return encode(text);
  };
  const text = await DraftRetokenizer.start(base, [{ text: 'Hi there<turn>', control: true }]);
  for (const chunk of ['The cat', ' sat', ' on']) await text.extend(chunk, { complete: false });
  assert.deepEqual(asked.slice(-1), ['The cat sat on']);
});

test('where a text has other tokens by itself, the whole is tokenised each time', async () => {
  // As tokenizers that put a mark before every text, which none of the candidates has.
  const merges = EXAMPLE_TOKENIZERS.bytes;
  const tokenizer = { ...merges, encode: (text: string) => [...merges.encode('^'), ...merges.encode(text)] };
  const base = scriptedModel({ next, tokenizer });
  const { tokens } = await retokenize(base, LONG, ['The cat', ' sat', ' on']);
  assert.equal(joinedText(tokens), 'The cat sat on');
});
