import { type ServerProcess, startServer } from '../../../scripts/start-server.ts';
import { PythonEnvironment } from '../python-environment.ts';

/** vLLM, from the uv.lock beside this file: 6 GB. */
export const environment = new PythonEnvironment('vllm');

export async function startVllm(folder: string, name: string, options: readonly string[]): Promise<ServerProcess> {
  return await startServer({
    program: environment.python,
    args: (port) => [
      // Not its command, which asks for the metadata of a package of the name vllm.
      ...['-m', 'vllm.entrypoints.openai.api_server', '--model', folder, '--served-model-name', name],
      ...['--host', '127.0.0.1', '--port', String(port), '--enforce-eager', '--max-model-len', '1024', ...options],
    ],
    env: { VLLM_CPU_KVCACHE_SPACE: '2', VLLM_NO_USAGE_STATS: '1', HF_HUB_OFFLINE: '1' },
    patienceMs: 1_200_000,
  });
}
