/**
 * Runs the command of the README with the default pair, and writes the pictures of it: what the terminal shows
 * (docs/pictures/terminal.svg) and the confidences (docs/pictures/trace.svg). `npm run build:pictures`; it needs script(1) of
 * util-linux for a pseudo-terminal.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { terminalPicture } from './terminal-picture.ts';

const PROMPT = 'List the months of the year.';
const COMMAND = [process.execPath, 'src/cli/main.ts'];
const FOLDER = 'docs/pictures';

const quoted = (words: readonly string[]) => words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');

function run(program: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, TERM: 'xterm-256color', CI: '' },
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

const folder = mkdtempSync(join(tmpdir(), 'wellbegun-pictures-'));
try {
  const [trace, notices] = [join(folder, 'trace.json'), join(folder, 'notices.txt')];
  const words = [...COMMAND, 'run', '--trace', trace, PROMPT];
  const typed = `stty cols 80 && ${quoted(words)} 2> ${quoted([notices])}`;
  const output = run('script', ['--quiet', '--return', '--command', typed, '/dev/null']);
  const status = readFileSync(notices, 'utf8').trimEnd().split('\n').at(-1)!;
  writeFileSync(join(FOLDER, 'terminal.svg'), terminalPicture(`wellbegun run "${PROMPT}"`, output, status));
  run(COMMAND[0]!, [...COMMAND.slice(1), 'trace', trace, '--svg', join(FOLDER, 'trace.svg')]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
