import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { confinedNode } from './confined-node.ts';
import { findPython } from './find-python.ts';
import type { SandboxLimits } from './program.ts';

const PAGE_BYTES = 65_536;
const SOURCE_EXTENSION = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
const INSIDE = fileURLToPath(new URL('inside', import.meta.url));
const PROCESS = fileURLToPath(new URL(`inside/interpreter-process${SOURCE_EXTENSION}`, import.meta.url));
/** Node looks into it for the kind of its modules. */
const PACKAGE_JSON = fileURLToPath(new URL('../../package.json', import.meta.url));

/** Starts a process that runs `script` in Python, see `inside/interpreter-process.ts`. It is confined, without environment. */
export async function startProcess(script: string, { memoryBytes, outputBytes }: SandboxLimits): Promise<ChildProcess> {
  const python = findPython();
  const memory = `--wasm-max-mem-pages=${Math.floor(memoryBytes / PAGE_BYTES)}`;
  const args = [memory, PROCESS, python, script, String(outputBytes)];
  const [program = '', ...rest] = await confinedNode([INSIDE, PACKAGE_JSON, python], args);
  return spawn(program, rest, { env: {}, stdio: ['pipe', 'pipe', 'pipe', 'pipe'], windowsHide: true });
}
