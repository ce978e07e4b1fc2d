import { parseArgs } from 'node:util';
import { checkOverhead } from './check-overhead.ts';
import { measureStreams, startOverhead } from './measure-gateway.ts';
import { printRows } from './print-rows.ts';

const HELP = `npm run bench:gateway -- [options]
  --check   only what is added to tokens; fails where that is not under what is wanted in any of twenty rounds,
            in ms or as a multiple of what a bare server takes
What HTTP adds to a model that costs nothing, and 500 streams at once.`;

const { values } = parseArgs({
  options: { check: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});

if (values.help) console.log(HELP);
else if (values.check) await checkOverhead();
else printRows([...(await measureOverhead()), ...(await measureStreams())]);

async function measureOverhead() {
  const overhead = await startOverhead();
  try {
    return await overhead.measure(300);
  } finally {
    await overhead.stop();
  }
}
