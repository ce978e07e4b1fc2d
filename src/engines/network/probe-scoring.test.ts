import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GeneratedToken, LanguageModel, TokenScore } from '../../core/language-model.ts';
import { pseudoRandom, writes } from '../scripted/next-token.ts';
import { scriptedModel } from '../scripted/scripted-model.ts';
import { probeScoring } from './probe-scoring.ts';

const SERVER = { engine: 'fake', url: 'http://host' };
const NEXT = pseudoRandom(3, { endProbability: 0 });

interface Changes {
  readonly written?: (token: GeneratedToken, place: number) => Partial<GeneratedToken>;
  readonly scores?: (scores: TokenScore[]) => TokenScore[];
}

/** A model that says other things of tokens than it should. */
function changed({ written = (token) => token, scores = (all) => all }: Changes, next = NEXT): LanguageModel {
  const model = scriptedModel({ bosText: '<s>', next });
  return {
    ...{ id: model.id, info: model.info, capabilities: model.capabilities },
    encode: (text) => model.encode(text),
    decode: (tokens) => model.decode(tokens),
    score: async (...call) => scores(await model.score(...call)),
    async *generate(...call) {
      let place = 0;
      const tokens = model.generate(...call);
      for (;;) {
        const token = await tokens.next();
        if (token.done) return token.value;
        yield { ...token.value, ...written(token.value, place++) };
      }
    },
    close: () => model.close(),
  };
}

const untold = ({ token, bytes }: GeneratedToken) => ({ token, bytes, logprob: undefined }) as object;
const probe = (changes: Changes, next = NEXT) => probeScoring(changed(changes, next), SERVER);

test('a server whose scores are those of what it writes is accepted', async () => {
  await probe({});
  await probe({ written: ({ logprob }) => ({ logprob: logprob! - 0.3 }) });
});

test('so is one that tells logprobs of the first tokens only', async () => {
  await probe({ written: (token, place) => (place < 1 ? token : untold(token)) });
});

test('what does not fit is refused, each with a sentence of its own', async () => {
  for (const [changes, code, says] of [
    [{ written: ({ logprob }) => ({ logprob: logprob! - 0.4 }) }, 'scores-do-not-fit', /differ by 0\.40 nats/],
    [{ written: untold }, 'no-written-logprobs', /tells no logprobs of what it writes/],
    [{ scores: (all) => all.slice(1) }, 'scores-missing', /of 11 tokens of a plain text it gives logprobs for 10;/],
    [
      { scores: (all) => all.map((score) => ({ ...score, logprob: -Infinity })) },
      'scores-missing',
      /of 11 tokens of a plain text it gives logprobs for 0;/,
    ],
    [{ scores: (all) => all.map((score) => ({ ...score, logprob: NaN })) }, 'scores-missing', /logprobs for 0;/],
  ] as const satisfies readonly (readonly [Changes, string, RegExp])[]) {
    await assert.rejects(probe(changes), { name: 'CapabilityError', code, message: says });
  }
});

test('a server that writes nothing is refused, for nothing could be compared', async () => {
  const scores = (all: TokenScore[]) => all.map((score) => ({ ...score, logprob: -1 }));
  await assert.rejects(probe({ scores }, writes('')), {
    name: 'CapabilityError',
    code: 'nothing-written',
    message: /^fake at http:\/\/host can't be a base: it writes nothing after a plain text/,
  });
});
