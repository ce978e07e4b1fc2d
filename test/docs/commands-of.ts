import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A command line as a shell takes it apart: the program, then its arguments. */
export type CommandLine = readonly string[];

/**
 * Runs nothing: every program is a function that says how it was called, on one line, its words apart by a byte that no page
 * has.
 */
const STUB = [
  "say() { local line; printf -v line '%s\\x1f' \"$@\"; printf '%s\\n' \"${line//$'\\n'/ }\" >&3; }",
  'command_not_found_handle() { say "$@"; }',
  'PATH=/nothing',
].join('\n');

/** The commands of a block of shell, in their order; those in the background and in pipes too. */
export function commandsOf(script: string): CommandLine[] {
  const folder = mkdtempSync(join(tmpdir(), 'wellbegun-docs-'));
  try {
    const { output } = spawnSync('/bin/bash', ['-c', `${STUB}\n${script}\nwait`], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      timeout: 10_000,
    });
    const lines = output[3]?.toString().trimEnd().split('\n') ?? [];
    return lines.map((line) => line.split('\x1f').slice(0, -1));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
