/** A gateway over a model that costs nothing, as a process of its own: `node fast-gateway.ts TOKENS PACE_MS` */
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { fastModel } from '../test/fixtures/fast-model.ts';
import { serveToParent } from '../test/fixtures/gateway-process/serve-to-parent.ts';

const [tokens, paceMs] = process.argv.slice(2).map(Number);

// Tokens of an engine come from outside of JavaScript: at the soonest in the next turn of the event loop.
const beforeToken = paceMs === 0 ? () => nextTurn() : () => delay(paceMs);
await serveToParent(fastModel({ tokens: tokens!, beforeToken }));
