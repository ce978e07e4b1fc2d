import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, rmdir, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processState } from './process-state.ts';

/** Who holds a lock. */
export interface LockOwner {
  readonly processId: string;
  readonly host: string;
}

export interface LockOptions {
  /** Called once when somebody else holds the lock and is waited for. */
  onWait?: (owner: LockOwner) => void;
  /** Makes the error that ends the wait for an owner that gave a sign of life lately. Default: it is waited for. */
  refuse?: (owner: LockOwner) => Error;
  signal?: AbortSignal | undefined;
  /**
   * A lock whose owner gave no sign of life for so long, as seen by the waiter's clock, is broken, unless the system says
   * that the owner is alive: a process that was stopped goes on one day, and believes that it holds the lock.
   */
  staleMs?: number;
  pollMs?: number;
}

const HOST = hostname().replace(/[^\w.-]/g, '_');

/** Of this process. */
const held = new Set<string>();

/**
 * Waits until this process alone may write `target`; what it resolves to lets the next one in.
 *
 * The lock is a folder with one file in it, named after its owner and touched now and then. It is made aside and renamed
 * into place, which fails while a folder with a file is there. Breaking removes the file of one certain owner, then the
 * empty folder, so that two who break at once can't remove a third one's new lock.
 *
 * @throws what `refuse` makes; AbortError; the file system's errors, as they are
 */
export async function acquireLock(target: string, options: LockOptions = {}): Promise<() => Promise<void>> {
  const { staleMs = 30_000, pollMs = 200, signal } = options;
  const lock = `${target}.lock`;
  const token = [process.pid, HOST, randomUUID(), (await processState(process.pid)).start].join('@');
  let seen = { owner: '', touchedMs: 0, since: performance.now() };
  let hasTold = false;
  while (!(await claim(lock, token))) {
    const current = await readOwner(lock);
    if (current.owner !== seen.owner || current.touchedMs !== seen.touchedMs) {
      seen = { ...current, since: performance.now() };
    }
    const life = await lifeOf(seen.owner);
    if (life === 'dead' || (life === 'unknown' && performance.now() - seen.since > staleMs)) {
      await breakLock(lock, seen.owner);
      continue;
    }
    const [processId = '', host = ''] = seen.owner.split('@');
    if (options.refuse && seen.owner !== '' && (life === 'alive' || Date.now() - seen.touchedMs < staleMs)) {
      throw options.refuse({ processId, host });
    }
    if (!hasTold && seen.owner !== '') options.onWait?.({ processId, host });
    hasTold ||= seen.owner !== '';
    await sleep(pollMs, undefined, signal ? { signal } : {});
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

/** Process ids of other machines, on a shared disk, say nothing here. One that is only stopped is alive. */
async function lifeOf(owner: string): Promise<'dead' | 'alive' | 'unknown'> {
  const [processId, host, , start] = owner.split('@');
  if (!processId || host !== HOST) return 'unknown';
  const now = await processState(Number(processId));
  if (!now.isAlive) return 'dead';
  // The id was given to somebody else since, as after the restart of a container.
  if (start && now.start) return start === now.start ? 'alive' : 'dead';
  return Number(processId) === process.pid && !held.has(owner) ? 'dead' : 'unknown';
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
  held.add(token);
  return async () => {
    clearInterval(touch);
    await breakLock(lock, token);
    held.delete(token);
  };
}
