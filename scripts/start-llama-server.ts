import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildLlamaServer } from './build-llama-server.ts';
import { freePort } from './free-port.ts';

/** Loading a model of a gigabyte from a cold disk. */
const READY_WITHIN_MS = 120_000;

export interface LlamaServer {
  /** On the loopback. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts llama.cpp's server on a free port of the loopback, building it first where it is missing.
 *
 * @param args such as `['-m', path, '-t', '2']`
 * @throws Error with the end of the server's log when it ends, or is not ready in time
 */
export async function startLlamaServer(args: readonly string[]): Promise<LlamaServer> {
  const { program, place } = await buildLlamaServer();
  const port = await freePort();
  const all = ['--host', '127.0.0.1', '--port', String(port), '--no-webui', ...args];
  const server = spawn(program, all, { ...place, stdio: ['ignore', 'pipe', 'pipe'] });
  // An uncaught error leaves no server behind.
  const kill = () => server.kill('SIGKILL');
  process.once('exit', kill);
  server.once('exit', () => process.removeListener('exit', kill));
  const log = keepEnd(server);
  const url = `http://127.0.0.1:${port}`;
  const stop = () => end(server);
  try {
    await untilReady(server, url, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

async function untilReady(server: ChildProcess, url: string, log: () => string): Promise<void> {
  for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline; await sleep(50)) {
    if (server.exitCode !== null || server.signalCode !== null) throw new Error(`llama-server ended: ${log()}`);
    const health = await fetch(`${url}/health`).catch(() => undefined);
    await health?.body?.cancel();
    if (health?.ok) return;
  }
  throw new Error(`llama-server was not ready within ${READY_WITHIN_MS / 1000} s: ${log()}`);
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  const kill = setTimeout(() => server.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(kill);
}

/** The last lines of what the server writes; reading them also keeps its pipes from filling up. */
function keepEnd(server: ChildProcess): () => string {
  let text = '';
  const take = (chunk: Buffer) => (text = (text + chunk.toString()).slice(-2000));
  server.stdout?.on('data', take);
  server.stderr?.on('data', take);
  return () => text.trim();
}
