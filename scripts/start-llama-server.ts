import { buildLlamaServer } from './build-llama-server.ts';
import { type ServerProcess, startServer } from './start-server.ts';

/** Loading a model of a gigabyte from a cold disk, beside other work. A server that dies ends the wait at once. */
const READY_WITHIN_MS = 600_000;

/**
 * Starts llama.cpp's server on a free port of the loopback, building it first where it is missing.
 *
 * @param args such as `['-m', path, '-t', '2']`
 * @throws Error with the end of the server's log when it ends, or is not ready in time
 */
export async function startLlamaServer(args: readonly string[]): Promise<ServerProcess> {
  const { program, place } = await buildLlamaServer();
  return await startServer({
    program,
    args: (port) => ['--host', '127.0.0.1', '--port', String(port), '--no-webui', ...args],
    ...place,
    patienceMs: READY_WITHIN_MS,
  });
}
