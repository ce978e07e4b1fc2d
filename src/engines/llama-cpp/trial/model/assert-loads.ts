import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ModelFileError } from '../../../../core/errors.ts';
import { type Backend, BINARY_VERSION } from '../../native/library-location.ts';
import type { ModelPurpose } from '../../../../models/gguf/check-architecture.ts';
import { ProbedFiles } from './probed-files.ts';

export interface ProbeOptions {
  readonly backend?: Backend | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; a load that takes longer is taken for one that never ends. */
  readonly timeoutMs?: number;
  /** The script that loads a file: `load-once`. */
  readonly program?: string;
  readonly probed?: ProbedFiles;
  /** What the file is loaded as. Default: `writer`. */
  readonly purpose?: ModelPurpose;
}

const TIMEOUT_MS = 10 * 60_000;
const LOAD_ONCE = fileURLToPath(import.meta.resolve(`./load-once${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`));

/**
 * Loads a file of unknown origin in a process of its own first: the native loader ends its process on some damaged
 * files that no check of the header can tell. A file that went well is not tried again until it changes.
 *
 * @throws ModelFileError when that process crashed or did not end
 */
export async function assertLoads(path: string, options: ProbeOptions = {}): Promise<void> {
  const { probed = new ProbedFiles(BINARY_VERSION) } = options;
  if (await probed.has(path)) return;
  const ending = await probe(path, options);
  if (ending !== undefined) {
    throw new ModelFileError(
      'crashing-model',
      `llama.cpp can't read ${path} (a trial load in a process of its own ${ending}): the file is damaged, download it again or choose another one.`,
    );
  }
  await probed.add(path);
}

/** How the process ended badly, if it did. A refusal in words is no bad end: the real load repeats it. */
async function probe(path: string, options: ProbeOptions): Promise<string | undefined> {
  const { backend = 'auto', signal, timeoutMs = TIMEOUT_MS, program = LOAD_ONCE, purpose = 'writer' } = options;
  // Not this process's own flags: `node --eval` would run its text again in place of the program.
  const child = spawn(process.execPath, [program, path, backend, purpose], {
    stdio: 'ignore',
    ...(signal && { signal }),
  });
  const timeout = AbortSignal.timeout(timeoutMs);
  timeout.addEventListener('abort', () => child.kill('SIGKILL'));
  const [code, killedBy] = (await once(child, 'exit')) as [number | null, string | null];
  if (timeout.aborted) return `did not end within ${timeoutMs / 1000} seconds`;
  if (killedBy !== null) return `was ended by ${killedBy}`;
  return code === 0 ? undefined : `ended with code ${code ?? 'unknown'}`;
}
