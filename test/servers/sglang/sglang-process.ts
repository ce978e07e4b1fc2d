import { join } from 'node:path';
import { type ServerProcess, startServer } from '../../../scripts/start-server.ts';
import { PythonEnvironment } from '../python-environment.ts';

/** SGLang, from the uv.lock beside this file: 6 GB, most of which are those of vLLM. */
export const environment = new PythonEnvironment('sglang');

export async function startSglang(folder: string, name: string, options: readonly string[]): Promise<ServerProcess> {
  return await startServer({
    program: environment.python,
    args: (port) => [
      ...['-m', 'sglang.launch_server', '--model-path', folder, '--served-model-name', name],
      ...['--host', '127.0.0.1', '--port', String(port), '--context-length', '1024', '--max-total-tokens', '8192'],
      ...['--device', 'cpu', '--attention-backend', 'torch_native', '--skip-server-warmup', ...options],
      // Otherwise /v1/loads tells what was so up to 15 passes ago.
      ...['--load-snapshot-publish-interval', '1'],
      ...['--cuda-graph-backend-decode', 'disabled', '--cuda-graph-backend-prefill', 'disabled'],
    ],
    env: { SGLANG_USE_CPU_ENGINE: '1', PYTHONPATH: join(import.meta.dirname, 'stand-in'), HF_HUB_OFFLINE: '1' },
    patienceMs: 1_200_000,
  });
}

/** How many answers it is writing. */
export async function runningRequests(url: string): Promise<number> {
  const { loads } = (await (await fetch(`${url}/v1/loads`)).json()) as {
    readonly loads: readonly { readonly num_running_reqs: number }[];
  };
  return loads[0]!.num_running_reqs;
}
