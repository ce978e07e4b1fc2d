import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../scripts/free-port.ts';

export interface ServerProcess {
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

/** Starts a model server on a free port, and waits until it is healthy. */
export async function startServer({ program, args, cwd, env, patienceMs }: ServerStart): Promise<ServerProcess> {
  const port = await freePort();
  // In a process group of its own: vLLM's helpers outlive a parent that is killed, and hold its output open.
  const child = spawn(program, args(port), {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const killAll = () => killGroup(child);
  process.once('exit', killAll);
  let log = '';
  const note = (text: string) => (log = (log + text).slice(-4000));
  child.stdout.setEncoding('utf8').on('data', note);
  child.stderr.setEncoding('utf8').on('data', note);
  const ended = new Promise<void>((done) => child.on('exit', () => done()).on('error', () => done()));
  const server = {
    url: `http://127.0.0.1:${port}`,
    kill: killAll,
    async close() {
      child.kill('SIGTERM');
      const timer = setTimeout(killAll, 10_000);
      await ended;
      clearTimeout(timer);
      killAll();
      process.off('exit', killAll);
    },
  };
  for (const deadline = Date.now() + patienceMs; Date.now() < deadline; await delay(200)) {
    if (child.exitCode !== null) break;
    const healthy = await fetch(`${server.url}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (healthy) return server;
  }
  await server.close();
  throw new Error(`${program} did not start:\n${log}`);
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // None of them is left.
  }
}
