import { parseArgs } from 'node:util';
import { measureConcurrency } from './measure-concurrency.ts';
import { printRows } from './print-rows.ts';

const HELP = `npm run bench:serve -- [options]
  --max-tokens N   most tokens that the base writes in each response (64)
  --max-draft N    most drafted tokens (512)
  --parallel N     how many of the 16 requests are decoded at the same time (16)
  --rounds N       how often both ways take their turn (3)
  --threads N      compute threads (2)
Sixteen requests at once and one after another: total tokens a second, waits, and which texts differ.`;

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '2' },
    'max-tokens': { type: 'string', default: '64' },
    'max-draft': { type: 'string', default: '512' },
    parallel: { type: 'string', default: '16' },
    rounds: { type: 'string', default: '3' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(HELP);
else await main();

async function main(): Promise<void> {
  printRows(
    await measureConcurrency({
      threads: Number(values.threads),
      maxTokens: Number(values['max-tokens']),
      maxDraft: Number(values['max-draft']),
      parallel: Number(values.parallel),
      rounds: Number(values.rounds),
    }),
  );
}
