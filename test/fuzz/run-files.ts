import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ChildLine, FuzzResult, LoadPhase } from './fuzz-outcome.ts';

/** KiB of memory of its own that a child may have: a damaged size must not take the machine down. */
const MEMORY_KIB = 4 * 1024 * 1024;
/** Without a word for so long, a child is taken for one that never ends; its start counts, on a busy machine too. */
const SILENCE_MS = 120_000;

const PROGRAM = fileURLToPath(import.meta.resolve('./load-files.ts'));

interface Ending {
  /** Where the child ended that did not finish. */
  readonly last: { readonly file: string; readonly phase: LoadPhase } | undefined;
  readonly reason: string;
}

/** Takes the files through the loading path in child processes; a crashed one is followed by another for the rest. */
export async function runFiles(files: readonly string[]): Promise<Map<string, FuzzResult>> {
  const results = new Map<string, FuzzResult>();
  for (let left = files; left.length > 0; left = left.filter((file) => !results.has(file))) {
    const { last, reason } = await runChild(left, results);
    if (!last || results.has(last.file)) {
      if (results.size === files.length) break;
      throw new Error(`The child process ${reason} without naming a file.`);
    }
    const outcome = last.phase === 'probe' ? 'crashed in the probe' : 'FAILED';
    results.set(last.file, { outcome, detail: `${last.phase}: ${reason}` });
  }
  return results;
}

async function runChild(files: readonly string[], results: Map<string, FuzzResult>): Promise<Ending> {
  const limited = `ulimit -d ${MEMORY_KIB}; ulimit -c 0; exec "$0" "$@"`;
  const child = spawn('sh', ['-c', limited, process.execPath, PROGRAM, ...files], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
  let errors = '';
  child.stderr.on('data', (text: Buffer) => (errors = (errors + text.toString()).slice(-2000)));
  const timer = setTimeout(() => child.kill('SIGKILL'), SILENCE_MS);
  let last: Ending['last'];
  for await (const text of createInterface({ input: child.stdout })) {
    timer.refresh();
    const line = JSON.parse(text) as ChildLine;
    if ('result' in line) results.set(line.file, line.result);
    else last = line;
  }
  const [code, signal] = await exit;
  clearTimeout(timer);
  const lastError = errors.trim().split('\n').at(-1) ?? '';
  const reason = child.killed ? `said nothing for ${SILENCE_MS / 1000} s` : `ended with ${signal ?? `code ${code}`}`;
  return { last, reason: lastError === '' ? reason : `${reason}: ${lastError}` };
}
