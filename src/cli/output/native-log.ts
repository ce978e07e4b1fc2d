import type { Backend } from '../../engines/llama-cpp/native/library-location.ts';
import { loadEngine } from '../../runtime/load-engine.ts';

/** With --debug the engine's own log goes to stderr, as JSON lines. */
export async function showNativeLog(backend: Backend | undefined): Promise<void> {
  const { pino } = await import('pino');
  const log = pino({ name: 'llama.cpp', level: 'debug' }, pino.destination({ dest: 2, sync: true }));
  const { openLibrary } = await loadEngine(backend);
  openLibrary(backend).log.sink = (level, message) => log[level](message);
}
