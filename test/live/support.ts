// Support for the tests beside it: the command line and the default pair, as a user has them.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { type CliResult, ending, ROOT } from '../package/support.ts';

const MAIN = join(ROOT, 'src/cli/main.ts');
export const COMMAND = [process.execPath, MAIN] as const;

/** Questions of all kinds, some of them not in English or not in letters. */
export const PROMPTS: readonly string[] = [
  'How do I make a cup of tea?',
  'Why is the sky blue?',
  'Write a short poem about the sea in winter.',
  'Give me three tips for sleeping better.',
  'Write a Python function that returns the n-th Fibonacci number.',
  'List five countries of South America and their capitals.',
  'Write a polite e-mail that asks for a meeting to be moved to Thursday.',
  'Translate "Where is the nearest train station?" into French and German.',
  'What is 17 * 23? Show the steps.',
  'Answer with emoji only: how is the weather? ☀️🌧️🙂',
  '请用中文介绍一下北京。',
  '日本の首都はどこですか。',
  'Explique en français ce qu’est une forêt.',
  'Make a Markdown table of three planets and their sizes.',
];

/** The environment of the one who runs the tests, without settings that change answers. */
export function userEnvironment(more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const kept = ['WELLBEGUN_CACHE', 'WELLBEGUN_PIP'];
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('WELLBEGUN_') || kept.includes(name));
  // Two threads that share one free core with others are slower than one.
  const defaults = { NO_COLOR: '', XDG_CONFIG_HOME: '/nowhere', WELLBEGUN_THREADS: '1' };
  return { ...Object.fromEntries(own), ...defaults, ...more };
}

export interface LiveOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Called with each piece of stdout. */
  readonly onOutput?: (text: string) => void;
}

export async function wellbegun(args: readonly string[], options: LiveOptions = {}): Promise<CliResult> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: '/',
    env: userEnvironment(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  if (options.onOutput) child.stdout.setEncoding('utf8').on('data', options.onOutput);
  child.stdin.end(options.input ?? '');
  return await ending(child);
}
