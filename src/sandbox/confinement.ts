import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What the operating system adds around the interpreter's process. */
export interface Confinement {
  /** In words, for a user. */
  readonly name: string;
  /** Put before the command that is to be confined. */
  readonly command: readonly string[];
}

const NONE: Confinement = { name: "Node's permissions only", command: [] };

const CANDIDATES: readonly Confinement[] = [
  {
    name: "Node's permissions, and Linux namespaces without network",
    command: ['unshare', '--user', '--net', '--ipc', '--uts', '--mount', '--'],
  },
];

let found: Promise<Confinement> | undefined;

/** The strongest that works on this machine; tried once. */
export function findConfinement(): Promise<Confinement> {
  found ??= tryAll();
  return found;
}

async function tryAll(): Promise<Confinement> {
  for (const candidate of CANDIDATES) if (await works(candidate)) return candidate;
  return NONE;
}

async function works({ command: [program, ...args] }: Confinement): Promise<boolean> {
  try {
    await promisify(execFile)(program!, [...args, process.execPath, '--version'], { timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}
