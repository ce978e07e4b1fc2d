import { pino } from 'pino';
import { checkOptions } from '../../assembly/check-options.ts';
import { openServedPairs, type PairSettings } from '../../assembly/serving/open-served-pairs.ts';
import {
  createGateway,
  DEFAULT_LIMITS,
  type GatewayOptions,
  readPlayground,
  serveGateway,
} from '../../server/index.ts';
import { Interrupt } from '../interrupt.ts';
import type { ConfigFile } from '../options/config-file.ts';
import { pairValues } from '../options/pair-values.ts';
import { readApiKeys } from '../options/read-api-keys.ts';
import type { ServeValues } from '../options/serve-options.ts';
import { showNativeLog } from '../output/native-log.ts';
import { openTerminal, type Terminal } from '../output/terminal.ts';
import { packageVersion } from '../../assembly/package-version.ts';
import { decodeOptions, modelSettings } from './command-values.ts';

const LOOPBACK = /^(localhost|127\..*|::1)$/;

/** Serves until it is told to stop, then lets requests under way end. */
export async function runGateway(values: ServeValues, config: ConfigFile): Promise<void> {
  const terminal = openTerminal();
  using interrupt = new Interrupt();
  const options = await gatewayOptions(values);
  const settings = await pairSettings(values, config, terminal, interrupt.signal);
  if (values.debug) await showNativeLog(values);
  const pairs = await openServedPairs(settings);
  try {
    interrupt.signal.throwIfAborted();
    const listening = await serveGateway(createGateway({ ...options, models: pairs.models }), values);
    if (options.playground) terminal.notice(`The playground is at ${listening.url}/`);
    terminal.notice(`Serving ${pairs.models.map(({ id }) => id).join(', ')} at ${listening.url}/v1`);
    if (!options.keys && !LOOPBACK.test(values.host)) {
      terminal.notice('Everyone who reaches this address may ask: set keys with --api-keys, see docs/serving.md.');
    }
    await new Promise((resolve) => interrupt.signal.addEventListener('abort', resolve, { once: true }));
    terminal.notice('Shutting down: requests under way may end …');
    await listening.close();
  } finally {
    await pairs.close();
  }
}

async function gatewayOptions(values: ServeValues): Promise<Omit<GatewayOptions, 'models'>> {
  const { requestsPerMinute, concurrentRequests, corsOrigin } = values;
  return {
    limits: {
      ...DEFAULT_LIMITS,
      parallel: values.parallel,
      waiting: values.queue,
      bodyBytes: values.maxBody,
      drainMs: 1000 * values.drainSeconds,
      keepAliveMs: 1000 * values.keepAliveSeconds,
      stallMs: 1000 * values.stallSeconds,
    },
    keys: await readApiKeys(values.apiKeys),
    keyLimits: {
      ...(requestsPerMinute !== undefined && { requestsPerMinute }),
      ...(concurrentRequests !== undefined && { concurrentRequests }),
    },
    ...(corsOrigin && { corsOrigins: corsOrigin }),
    log: pino({ name: 'wellbegun' }, pino.destination({ dest: 2, sync: true })),
    logPrompts: values.logPrompts === 'on',
    ...(values.playground === 'on' && { playground: await readPlayground() }),
    version: packageVersion(),
  };
}

async function pairSettings(
  values: ServeValues,
  config: ConfigFile,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<PairSettings[]> {
  const settings: PairSettings[] = [];
  for (const { name, values: own } of pairValues(values, config)) {
    const decode = await decodeOptions(own);
    checkOptions({ ...decode, prompt: name });
    const models = { ...(await modelSettings(own, terminal, signal)), parallel: values.parallel };
    settings.push({ name, models, decode });
  }
  return settings;
}
