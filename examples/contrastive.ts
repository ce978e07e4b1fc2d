/**
 * A decoder of one's own: contrastive decoding (arXiv 2210.15097). Of the tokens that the expert finds at least a tenth
 * as likely as its first choice, the one is taken that gains most over an amateur: log p_expert − log p_amateur.
 *
 * The paper's amateur is a small model with the expert's vocabulary. A draft here mostly has another one, and may be a
 * chat endpoint that tells no probabilities, so the amateur is the base itself with the last few tokens as its only
 * context, which the paper tries besides. Text that would follow from the last words alone is avoided, such as repetition.
 *
 * npm run example -- examples/contrastive.ts, or: wellbegun run --strategy-module examples/contrastive.ts "…"
 */
import type { Decoder } from 'wellbegun/strategies';

const PLAUSIBLE = Math.log(0.1);
const CANDIDATES = 20;
/** What the amateur sees, and of how many of its tokens the probability is looked up; the others share that of the last. */
const AMATEUR = { context: 8, tokens: 200 };

const contrastive: Decoder = {
  name: 'contrastive',
  needs: ['base'],
  abilities: ['nextTokens'],
  sampling: [],
  // Expert and amateur read other texts by turns: each keeps its own cache.
  textsAtOnce: 2,
  async *write(response) {
    while (response.left > 0) {
      const { candidates } = await response.nextTokens(CANDIDATES);
      const plausible = candidates.filter(({ logprob }) => logprob >= candidates[0]!.logprob + PLAUSIBLE);
      const amateur = await response.nextTokens(AMATEUR.tokens, { context: AMATEUR.context });
      const known = new Map(amateur.candidates.map(({ token, logprob }) => [token, logprob]));
      const least = amateur.candidates.at(-1)!.logprob;
      const gains = plausible.map(({ token, logprob }) => logprob - (known.get(token) ?? least));
      const chosen = plausible[response.draw(gains)]!;
      if (chosen.ends) return 'stop';
      yield* response.add(chosen);
    }
    return 'length';
  },
};

export default contrastive;

if (import.meta.main) {
  const { decode, loadModels } = await import('wellbegun');
  const models = await loadModels({}, ['base'], { textsAtOnce: contrastive.textsAtOnce ?? 1 });
  const options = { prompt: 'How does a bicycle stay upright?', strategy: contrastive, maxTokens: 60 };
  for await (const event of decode(models, options)) if (event.type === 'token') process.stdout.write(event.text);
  console.log();
  await models.close();
}
