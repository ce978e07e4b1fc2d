import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What the operating system adds around a process. */
export interface Confinement {
  /** In words, for a user. */
  readonly name: string;
  /** The command that runs `command` confined; it needs the files and folders of `readable`. */
  readonly wrap: (command: readonly string[], readable: readonly string[]) => readonly string[];
}

/** Where systems have the libraries that Node is linked with. */
const LIBRARIES = ['/lib', '/lib64', '/usr/lib', '/usr/lib64', '/nix/store'];

const BUBBLEWRAP: Confinement = {
  name: 'bubblewrap (namespaces without network, and no files but its own)',
  wrap: (command, readable) => [
    ...['bwrap', '--unshare-all', '--die-with-parent', '--cap-drop', 'ALL'],
    ...LIBRARIES.flatMap((path) => ['--ro-bind-try', path, path]),
    ...readable.flatMap((path) => ['--ro-bind', path, path]),
    ...['--dev', '/dev', '--', ...command],
  ],
};

const NAMESPACES: Confinement = {
  name: 'Linux namespaces without network',
  wrap: (command) => ['unshare', '--user', '--net', '--ipc', '--uts', '--mount', '--', ...command],
};

const NONE: Confinement = { name: 'no namespaces', wrap: (command) => command };

let found: Promise<Confinement> | undefined;

/** The strongest that works on this machine; tried once. */
export function findConfinement(): Promise<Confinement> {
  found ??= firstThatWorks([BUBBLEWRAP, NAMESPACES, NONE]);
  return found;
}

async function firstThatWorks([first = NONE, ...others]: readonly Confinement[]): Promise<Confinement> {
  const [program = '', ...args] = first.wrap([process.execPath, '--version'], [process.execPath]);
  try {
    await promisify(execFile)(program, args, { env: {}, timeout: 10_000 });
    return first;
  } catch {
    return others.length > 0 ? await firstThatWorks(others) : NONE;
  }
}
