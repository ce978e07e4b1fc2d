import { settingOfKey } from '../settings/names.ts';

/** Everything that the items of a recording depend on, by name. A file's content stands in it as `FileContent`. */
export type Fingerprint = Readonly<Record<string, unknown>>;

/** A file that a setting names, and what tells whether it is another one. */
export interface FileContent {
  /** As a person wrote it. */
  readonly named: string;
  /** Absolute path, where the file is one of this machine. */
  readonly file?: string | undefined;
  readonly bytes?: number | undefined;
  readonly modifiedMs?: number | undefined;
  /** Of the content, of files that belong to it as well. */
  readonly sha256: string;
}

/** Names of what differs, in the order in which they were written down. */
export function differences(before: Fingerprint, now: Fingerprint): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(now)]);
  // Earlier versions also wrote down settings on which no response depends.
  const counted = [...names].filter((name) => settingOfKey(name)?.effect !== 'neither');
  return counted.filter((name) => !isSame(before[name], now[name]));
}

/**
 * Versions before this one kept the names of most files only, and for large ones their size and time of change in place
 * of a hash: what they kept has to be the same.
 */
function isSame(before: unknown, now: unknown): boolean {
  if (!isContent(now)) return isContent(before) ? before.named === now : JSON.stringify(before) === JSON.stringify(now);
  if (typeof before === 'string') return before === now.named;
  const { file, bytes, modifiedMs, sha256 } = (before ?? {}) as Partial<FileContent>;
  if (sha256 !== undefined) return sha256 === now.sha256;
  return file !== undefined && file === now.file && bytes === now.bytes && modifiedMs === now.modifiedMs;
}

function isContent(value: unknown): value is FileContent {
  return typeof value === 'object' && value !== null && 'sha256' in value && 'named' in value;
}
