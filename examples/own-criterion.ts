/**
 * A criterion of one's own: the base takes over at the first end of a sentence that it finds likely enough.
 * npm run example -- examples/own-criterion.ts
 */
import { decode, loadPair, type SwitchCriterion } from 'wellbegun';

const LIKELY = Math.log(0.5);

function likelySentenceEnd(sentenceEnds: ReadonlySet<number>): SwitchCriterion {
  return {
    name: 'likely-sentence-end',
    needsStatistics: false,
    start: () => ({
      push: ({ token, logprob }) => ({
        value: Math.exp(logprob),
        accept: sentenceEnds.has(token) && logprob >= LIKELY,
      }),
    }),
  };
}

const pair = await loadPair();
const ends = await pair.base.encode([{ text: '.', control: false }]);
const criterion = likelySentenceEnd(new Set(ends));
for await (const event of decode(pair, {
  prompt: 'How does a bicycle stay upright?',
  criterion,
  maxResponseTokens: 60,
})) {
  if (event.type === 'token') process.stdout.write(event.text);
  if (event.type === 'model-switch') process.stdout.write(` ⟫(${event.reason}, k = ${event.index})`);
}
console.log();
await pair.close();
