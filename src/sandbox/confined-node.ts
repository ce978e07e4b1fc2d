import { findConfinement } from './confinement.ts';

const PERMISSION = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission';

/**
 * A command that runs this Node with `args`, confined by its own permissions and by what the system offers. It may read
 * `readable` (files, and folders with all that is in them), start threads, and nothing else.
 */
export async function confinedNode(readable: readonly string[], args: readonly string[]): Promise<readonly string[]> {
  const permissions = [PERMISSION, '--allow-worker', ...readable.map((path) => `--allow-fs-read=${path}`)];
  const { wrap } = await findConfinement();
  return wrap([process.execPath, ...permissions, '--no-warnings', ...args], [process.execPath, ...readable]);
}
