import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { withStorageErrors } from './storage-error.ts';

export interface PullLockOptions {
  /** Called once, with the other's process id, when somebody else pulls the same file. */
  onWait?: (processId: string) => void;
  signal?: AbortSignal | undefined;
  /** A lock whose owner gave no sign of life for so long, as seen by the waiter's clock, is broken. */
  staleMs?: number;
  pollMs?: number;
  /**
   * This process takes no second lock of this target, so a lock with its own id is an earlier process's that had the
   * same one, as after the restart of a container.
   */
  takesOneLock?: boolean;
}

/**
 * Waits until this process alone may write `target`; what it resolves to lets the next one in.
 *
 * The lock is a folder with one file in it, named after its owner and touched now and then. It is made aside and renamed
 * into place, which fails while a folder with a file is there. Breaking removes the file of one certain owner, then the
 * empty folder, so that two who break at once can't remove a third one's new lock.
 */
export async function acquirePullLock(target: string, options: PullLockOptions = {}): Promise<() => Promise<void>> {
  const { staleMs = 30_000, pollMs = 200, takesOneLock = false, signal } = options;
  const lock = `${target}.lock`;
  const token = `${process.pid}@${hostname().replace(/[^\w.-]/g, '_')}@${randomUUID()}`;
  let seen = { owner: '', touchedMs: 0, since: performance.now() };
  let hasTold = false;
  while (!(await withStorageErrors(dirname(target), undefined, () => claim(lock, token)))) {
    const current = await readOwner(lock);
    if (current.owner !== seen.owner || current.touchedMs !== seen.touchedMs) {
      seen = { ...current, since: performance.now() };
    }
    if (isDead(seen.owner, takesOneLock) || performance.now() - seen.since > staleMs) {
      await breakLock(lock, seen.owner);
    } else {
      if (!hasTold && seen.owner !== '') options.onWait?.(seen.owner.split('@')[0]!);
      hasTold ||= seen.owner !== '';
      await sleep(pollMs, undefined, signal ? { signal } : {});
    }
  }
  return hold(lock, token, staleMs / 10);
}

async function claim(lock: string, token: string): Promise<boolean> {
  const aside = join(dirname(lock), `.${basename(lock)}-${token}`);
  await mkdir(aside);
  try {
    await writeFile(join(aside, token), '');
    await rename(aside, lock);
    return true;
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    if (isHeld(error as NodeJS.ErrnoException)) return false;
    throw error;
  }
}

function isHeld({ code }: NodeJS.ErrnoException): boolean {
  if (code === 'ENOTEMPTY' || code === 'EEXIST') return true;
  return process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES');
}

/** An empty owner: the lock is gone, or is just being broken. */
async function readOwner(lock: string): Promise<{ owner: string; touchedMs: number }> {
  try {
    const owner = (await readdir(lock))[0] ?? '';
    return { owner, touchedMs: (await stat(join(lock, owner))).mtimeMs };
  } catch {
    return { owner: '', touchedMs: 0 };
  }
}

/** Process ids of other machines, on a shared disk, say nothing here. */
function isDead(owner: string, isOwnDead: boolean): boolean {
  const [processId, host] = owner.split('@');
  if (!processId || host !== hostname().replace(/[^\w.-]/g, '_')) return false;
  if (Number(processId) === process.pid) return isOwnDead;
  try {
    process.kill(Number(processId), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

async function breakLock(lock: string, owner: string): Promise<void> {
  if (owner !== '') await unlink(join(lock, owner)).catch(() => undefined);
  await rmdir(lock).catch(() => undefined);
}

function hold(lock: string, token: string, touchMs: number): () => Promise<void> {
  const touch = setInterval(() => {
    const now = new Date();
    utimes(join(lock, token), now, now).catch(() => undefined);
  }, touchMs);
  touch.unref();
  return async () => {
    clearInterval(touch);
    await breakLock(lock, token);
  };
}
