import type { Backend } from '../../engines/llama-cpp/native/library-location.ts';
import { loadEngine } from '../../assembly/load-engine.ts';
import { isServer } from '../../assembly/server-reference.ts';

export interface NativeLogValues {
  readonly backend: Backend;
  /** The models of a command that may have them all on servers. */
  readonly base?: string;
  readonly draft?: string;
}

/** With --debug the engine's own log goes to stderr, as JSON lines. Models on servers have none. */
export async function showNativeLog({ backend, base, draft }: NativeLogValues): Promise<void> {
  if (base !== undefined && draft !== undefined && isServer(base) && isServer(draft)) return;
  const { pino } = await import('pino');
  const log = pino({ name: 'llama.cpp', level: 'debug' }, pino.destination({ dest: 2, sync: true }));
  const { library } = await loadEngine({ backend });
  library.log.sink = (level, message) => log[level](message);
}
