import { parseArgs } from 'node:util';
import { pullModel } from '../src/index.ts';
import { catalogue } from '../src/models/index.ts';
import { measurePasses } from './measure-passes.ts';
import { printRows } from './print-rows.ts';

const HELP = `npm run bench:passes -- [options]
  --threads N   compute threads (2)
  --rounds N    how often each is measured (9)
Forward passes of the default base by their number of tokens, each with its row of logits: whole, without the output
matrix, and the product with that matrix apart from them.`;

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '9' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else await main();

async function main(): Promise<void> {
  const path = await pullModel(catalogue.defaultPair.base);
  printRows(await measurePasses(path, { threads: Number(values.threads), rounds: Number(values.rounds) }));
}
