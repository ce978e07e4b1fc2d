import { parseArgs } from 'node:util';
import { pullModel } from '../src/index.ts';
import { catalogue } from '../src/models/index.ts';
import { measurePasses } from './measure-passes.ts';
import { printRows } from './print-rows.ts';
import { modelOfSize, type RandomSize } from './random-model/model-of-size.ts';

const HELP = `npm run bench:passes -- [options]
  --random SIZE a model of random weights of this size (0.6b: the shape of Qwen3-0.6B), not the default base
  --threads N   compute threads (2)
  --rounds N    how often each is measured (9)
Forward passes of a model by their number of tokens, each with its row of logits: whole, without the output
matrix, and the product with that matrix apart from them.`;

const { values } = parseArgs({
  options: {
    random: { type: 'string' },
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '9' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else await main();

async function main(): Promise<void> {
  const path = values.random
    ? (await modelOfSize(values.random as RandomSize)).path
    : await pullModel(catalogue.defaultPair.base);
  printRows(await measurePasses(path, { threads: Number(values.threads), rounds: Number(values.rounds) }));
}
