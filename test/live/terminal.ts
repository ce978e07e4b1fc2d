import { spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

import { COMMAND, userEnvironment } from './support.ts';

export const CTRL_C = '\u0003';
const PATIENCE_MS = 120_000;

/** Why there is no pseudo-terminal, if there is none. */
export const noTerminal: string | false =
  spawnSync('script', ['--version']).status === 0 ? false : 'needs script(1) of util-linux for a pseudo-terminal';

/** The command line as a person sees it. */
export interface Session {
  /** All that was shown so far. */
  readonly shown: () => string;
  readonly type: (text: string) => void;
  /** Waits until something is shown after the place where the last wait ended. */
  readonly expect: (pattern: RegExp) => Promise<string>;
  readonly exitCode: Promise<number | null>;
}

export function openTerminal(args: readonly string[], env: Readonly<Record<string, string>> = {}): Session {
  const words = ['stty', 'cols', '80', 'rows', '24', '&&', 'exec', ...[...COMMAND, ...args].map(quote)];
  const child = spawn('script', ['--quiet', '--return', '--command', words.join(' '), '/dev/null'], {
    env: { ...userEnvironment({ TERM: 'xterm-256color', ...env }), CI: '' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  let read = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text));
  return {
    shown: () => shown,
    type: (text) => void child.stdin.write(text),
    async expect(pattern) {
      for (const endMs = performance.now() + PATIENCE_MS; performance.now() < endMs;) {
        const match = pattern.exec(shown.slice(read));
        if (match) {
          read += match.index + match[0].length;
          return match[0];
        }
        await sleep(20);
      }
      throw new Error(`${String(pattern)} was not shown, only:\n${JSON.stringify(shown.slice(read))}`);
    },
    exitCode: new Promise((resolve) => child.on('exit', resolve)),
  };
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
