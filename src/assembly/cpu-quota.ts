import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The system's files, by their paths. @throws where there is none */
type ReadText = (path: string) => string;

const ROOT = '/sys/fs/cgroup';

/**
 * How many processors' time this process may use at most, by the quotas of its control groups (versions 1 and 2) and those
 * around them; undefined without a quota. Above 0, not whole in general.
 */
export function cpuQuota(read: ReadText = (path) => readFileSync(path, 'utf8')): number | undefined {
  const groups = textAt(read, '/proc/self/cgroup')?.trim().split('\n') ?? [];
  const quotas = groups.flatMap((line) => quotasOf(read, line));
  return quotas.length > 0 ? Math.min(...quotas) : undefined;
}

/** @param line such as `0::/user.slice` of version 2, or `4:cpu,cpuacct:/docker/ab` of version 1 */
function quotasOf(read: ReadText, line: string): number[] {
  const [, controllers = '', path = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
  if (controllers === '') return foldersUp(path).flatMap((folder) => secondVersion(read, join(ROOT, folder)));
  if (!controllers.split(',').includes('cpu')) return [];
  // Within a container the path may be that of the host, and its own group is at the top.
  return [controllers, 'cpu', 'cpu,cpuacct'].flatMap((mount) =>
    foldersUp(path).flatMap((folder) => firstVersion(read, join(ROOT, mount, folder))),
  );
}

function secondVersion(read: ReadText, folder: string): number[] {
  const [quota, period] = (textAt(read, join(folder, 'cpu.max')) ?? '').trim().split(' ');
  return ratio(quota, period);
}

function firstVersion(read: ReadText, folder: string): number[] {
  return ratio(textAt(read, join(folder, 'cpu.cfs_quota_us')), textAt(read, join(folder, 'cpu.cfs_period_us')));
}

/** None for `max`, -1, and what is missing. */
function ratio(quota: string | undefined, period: string | undefined): number[] {
  const share = Number(quota) / Number(period);
  return share > 0 && Number.isFinite(share) ? [share] : [];
}

function foldersUp(path: string): string[] {
  return path === '/' || path === '.' ? ['/'] : [path, ...foldersUp(dirname(path))];
}

function textAt(read: ReadText, path: string): string | undefined {
  try {
    return read(path);
  } catch {
    return undefined;
  }
}
