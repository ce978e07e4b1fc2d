/** How often a reward model prefers the better of two responses, with a 95% interval (Wilson's). Prints JSON. */
import { parseArgs } from 'node:util';
import { defaultThreads, openReward, rewardsOf, wilsonInterval } from '../../src/index.ts';
import { preferencePairs } from './preference-pairs.ts';

const { values } = parseArgs({
  options: {
    reward: { type: 'string' },
    pairs: { type: 'string' },
    first: { type: 'string', default: '1' },
    last: { type: 'string' },
    threads: { type: 'string', default: String(defaultThreads()) },
  },
});
const { reward: reference, pairs, first, last } = values;
if (reference === undefined || pairs === undefined || last === undefined) {
  throw new Error('Give --reward MODEL, --pairs FILE and --last LINE; --first and --threads have defaults.');
}

const settings = { threads: Number(values.threads), context: 4096 };
const model = await openReward(reference, settings, { parallel: 2 });
let right = 0;
let count = 0;
for await (const { messages, chosen, rejected } of preferencePairs(pairs, Number(first), Number(last))) {
  const [better = 0, worse = 0] = await rewardsOf(model, messages, [chosen, rejected]);
  count++;
  // A tie is half right: a constant reward is then as good as chance.
  right += better > worse ? 1 : better === worse ? 0.5 : 0;
  if (count % 20 === 0) console.error(`${count} pairs, ${(right / count).toFixed(3)} in the right order`);
}
await model.close();
console.log(
  JSON.stringify({
    reward: reference,
    lines: `${first}-${last}`,
    pairs: count,
    right,
    accuracy: right / count,
    interval: wilsonInterval(right, count),
  }),
);
