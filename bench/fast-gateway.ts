/** A gateway over a model that costs nothing, as a process of its own. Tells its address, and its memory when asked. */
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { createGateway, DEFAULT_LIMITS, serveGateway } from '../src/server/index.ts';
import { fastModel } from '../test/fixtures/fast-model.ts';

const [tokens = '100', paceMs = '0'] = process.argv.slice(2);

// Tokens of an engine come from outside of JavaScript: at the soonest in the next turn of the event loop.
const beforeToken = paceMs === '0' ? () => nextTurn() : () => delay(Number(paceMs));
const model = fastModel({ tokens: Number(tokens), beforeToken });
const gateway = createGateway({
  models: [model],
  limits: { ...DEFAULT_LIMITS, parallel: 10_000 },
  // As it is in service, but to nowhere.
  log: pino({}, { write: () => undefined }),
  version: '0.0.0',
});
const { url } = await serveGateway(gateway, { host: '127.0.0.1', port: 0 });
// With the measurement, however that ends.
process.on('disconnect', () => process.exit());
process.on('message', () => {
  globalThis.gc!();
  process.send!(process.memoryUsage().heapUsed);
});
process.send!(url);
