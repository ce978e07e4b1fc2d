import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithParent } from './end-with-parent.ts';
import { freePort } from './free-port.ts';

export interface ServerProcess {
  /** On the loopback. */
  readonly url: string;
  /** Ends it at once, as a crash does. */
  kill(): void;
  close(): Promise<void>;
}

export interface ServerStart {
  readonly program: string;
  readonly args: (port: number) => readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly patienceMs: number;
}

/** Of what the server writes, for an error. */
const LOG_CHARACTERS = 4000;
const ENDS_WITHIN_MS = 10_000;
/** As Python's servers, Node's and llama.cpp's say it. */
const PORT_TAKEN = /address (is )?already in use|EADDRINUSE|couldn't bind HTTP server socket/i;

/**
 * Starts a model server on a free port, and waits until it is healthy. It ends with this process. Where another program
 * took the port before the server did, it is started once more on another.
 *
 * @throws Error with the end of its log when it ends, or is not ready in time
 */
export async function startServer(start: ServerStart): Promise<ServerProcess> {
  try {
    return await startOnce(start);
  } catch (error) {
    if (!(error instanceof Error) || !PORT_TAKEN.test(error.message)) throw error;
    return await startOnce(start);
  }
}

async function startOnce({ program, args, cwd, env, patienceMs }: ServerStart): Promise<ServerProcess> {
  const port = await freePort();
  // In a process group of its own: vLLM's helpers outlive a parent that is killed, and hold its output open.
  const child = spawn(program, args(port), {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const kill = endWithParent(child);
  let log = '';
  const note = (text: string) => (log = (log + text).slice(-LOG_CHARACTERS));
  child.stdout.setEncoding('utf8').on('data', note);
  child.stderr.setEncoding('utf8').on('data', note);
  const over = new AbortController();
  const ended = new Promise<void>((done) => child.on('exit', () => done()).on('error', () => done()));
  void ended.then(() => over.abort());
  const server = {
    url: `http://127.0.0.1:${port}`,
    kill,
    async close() {
      child.kill('SIGTERM');
      const timer = setTimeout(kill, ENDS_WITHIN_MS);
      await ended;
      clearTimeout(timer);
      kill();
    },
  };
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline && !over.signal.aborted; await delay(100)) {
    const healthy = await fetch(`${server.url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return server;
  }
  await server.close();
  throw new Error(`${program} did not start:\n${log.trim()}`);
}
