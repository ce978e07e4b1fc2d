/**
 * A decoder of one's own: ARGS (arXiv 2402.01694) whose rewards are asked for only where the base hesitates, which most
 * of its tokens do not change (cf. SIA, arXiv 2602.21215): at an entropy of the next token of 2 nats or more.
 *
 * npm run example -- examples/sparse-args.ts, or:
 * wellbegun run --strategy-module examples/sparse-args.ts --reward MODEL "…"
 */
import type { Decoder } from 'wellbegun/strategies';

const CANDIDATES = 10;
/** Nats of log-probability that a unit of reward is worth. */
const WEIGHT = 1.5;
const ENTROPY_NATS = 2;

const sparseArgs: Decoder = {
  name: 'sparse-args',
  needs: ['base', 'reward'],
  abilities: ['nextTokens', 'entropy'],
  sampling: [],
  textsAtOnce: CANDIDATES,
  async *write(response) {
    while (response.left > 0) {
      const { candidates, entropy = Infinity } = await response.nextTokens(CANDIDATES);
      let scores = candidates.map(({ logprob }) => logprob);
      if (entropy >= ENTROPY_NATS) {
        const texts = candidates.map(({ bytes, ends }) => (ends ? response.text : response.textWith([bytes])));
        const rewards = await response.rewards(texts);
        scores = scores.map((logprob, i) => logprob + WEIGHT * rewards[i]!);
      }
      const chosen = candidates[response.draw(scores)]!;
      if (chosen.ends) return 'stop';
      yield* response.add(chosen);
    }
    return 'length';
  },
};

export default sparseArgs;

if (import.meta.main) {
  const { decode, loadModels } = await import('wellbegun');
  const models = await loadModels({}, ['base']);
  let asked = 0;
  /** Any object with `reward` is a reward model: this one likes few commas. */
  const reward = {
    id: 'few-commas',
    reward: (_: unknown, response: string) => Promise.resolve((asked++, -response.split(',').length)),
    close: () => Promise.resolve(),
  };
  const options = { prompt: 'How does a bicycle stay upright?', strategy: sparseArgs, maxTokens: 60 };
  for await (const event of decode({ ...models, reward }, options)) {
    if (event.type === 'token') process.stdout.write(event.text);
    if (event.type === 'decode-end') console.log(`\n(${asked} rewards for ${event.usage.baseTokens} tokens)`);
  }
  await models.close();
}
