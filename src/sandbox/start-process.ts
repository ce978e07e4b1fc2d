import { type ChildProcess, spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findConfinement } from './confinement.ts';
import { findPython } from './find-python.ts';
import type { SandboxLimits } from './program.ts';

const PAGE_BYTES = 65_536;
const SOURCE_EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
const INSIDE = join(dirname(fileURLToPath(import.meta.url)), 'inside');
/** Node looks into it for the kind of its modules. */
const PACKAGE_JSON = fileURLToPath(new URL('../../package.json', import.meta.url));

/**
 * Starts a process that runs `script` in Python, see `inside/interpreter-process.ts`: it has no environment, may read
 * nothing but its own program and the interpreter, and start nothing but the thread that watches this process.
 */
export async function startProcess(script: string, limits: SandboxLimits): Promise<ChildProcess> {
  const python = findPython();
  const { command } = await findConfinement();
  const [program, ...args] = [
    ...command,
    process.execPath,
    '--permission',
    '--allow-worker',
    ...[join(INSIDE, '*'), PACKAGE_JSON, python].map((path) => `--allow-fs-read=${path}`),
    `--wasm-max-mem-pages=${Math.floor(limits.memoryBytes / PAGE_BYTES)}`,
    '--no-warnings',
    join(INSIDE, `interpreter-process${SOURCE_EXTENSION}`),
    python,
    script,
    String(limits.outputBytes),
  ];
  return spawn(program, args, { env: {}, stdio: ['pipe', 'pipe', 'pipe', 'pipe'], windowsHide: true });
}
