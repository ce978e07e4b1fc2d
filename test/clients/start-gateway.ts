import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { makeTinyModels } from '../fixtures/tiny-gguf/make-tiny-models.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** What clients are given; the second one may ask once a minute. */
export const API_KEY = 'key-of-the-client-tests';
export const RARE_KEY = 'key-that-may-ask-once-a-minute';

type PairName = 'tiny' | 'long';

export interface RunningGateway {
  /** Ends with /v1. */
  readonly url: string;
  /** The value of a metric, such as `wellbegun_requests_in_flight`, summed over its labels. */
  metric(name: string): Promise<number>;
  stop(): Promise<void>;
}

/**
 * `wellbegun serve` in a process of its own, as users start it, with two pairs: `tiny` tells its story (see
 * test/fixtures/tiny-gguf/story.ts), `long:base` writes noise for as long as its context lasts.
 */
export async function startGateway(names: readonly PairName[] = ['tiny', 'long']): Promise<RunningGateway> {
  const folder = await mkdtemp(join(tmpdir(), 'wellbegun-clients-'));
  await writeSettings(folder, names);
  const gateway = spawn(process.execPath, [join(ROOT, 'src/cli/main.ts'), 'serve', '--port', '0', '--threads', '1'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, WELLBEGUN_CACHE: join(folder, 'cache') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(gateway, 'exit');
  const url = await servedAt(gateway.stderr);
  return {
    url,
    metric: (name) => readMetric(url, name),
    async stop() {
      gateway.kill('SIGTERM');
      const [code] = (await ended) as [number | null];
      await rm(folder, { recursive: true });
      if (code !== 0 && code !== 143 && code !== 130) throw new Error(`The gateway ended with ${code}.`);
    },
  };
}

async function writeSettings(folder: string, names: readonly PairName[]): Promise<void> {
  const models = await makeTinyModels(join(folder, 'models'));
  const draft = models['byte-bpe'];
  const known = { tiny: { base: models.sentencepiece, draft }, long: { base: models.attention, draft } };
  const pairs = Object.fromEntries(names.map((name) => [name, known[name]]));
  const keys = [
    { name: 'clients', key: API_KEY },
    { name: 'rare', key: RARE_KEY, requestsPerMinute: 1 },
  ];
  await writeFile(join(folder, 'keys.json'), JSON.stringify({ keys }));
  await writeFile(join(folder, 'wellbegun.config.json'), JSON.stringify({ pairs, apiKeys: 'keys.json', parallel: 8 }));
}

export async function servedAt(stderr: NodeJS.ReadableStream): Promise<string> {
  const said: string[] = [];
  for await (const line of createInterface({ input: stderr })) {
    said.push(line);
    const url = /^Serving .* at (http\S+)$/.exec(line)?.[1];
    if (url === undefined) continue;
    stderr.resume();
    return url;
  }
  throw new Error(`The gateway did not start:\n${said.join('\n')}`);
}

async function readMetric(url: string, name: string): Promise<number> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  const lines = text.split('\n').filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
