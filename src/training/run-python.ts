import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { WellbegunError } from '../core/errors.ts';
import { PYTHON_PROJECT, type PythonEnvironment } from './python-project.ts';
import { type RunEvent, runEvent } from './run-event.ts';

export interface PythonRun {
  /** After `python`. */
  readonly args: readonly string[];
  /** File for what libraries print. */
  readonly log: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs a part of the Python project, and gives its events as they come. An abort ends it.
 *
 * @throws WellbegunError `training-failed` with the fault that it told, or with the last line of its log
 */
export async function* runPython(
  { python, env }: PythonEnvironment,
  { args, log, signal }: PythonRun,
): AsyncGenerator<RunEvent> {
  const file = openSync(log, 'w');
  const child = spawn(python, args, {
    cwd: process.cwd(),
    env: { ...env, PYTHONPATH: [PYTHON_PROJECT, env['PYTHONPATH']].filter(Boolean).join(':') },
    stdio: ['ignore', 'pipe', file],
    signal,
  });
  closeSync(file);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  // An abort is told by the signal below.
  child.on('error', () => undefined);
  let fault: string | undefined;
  let isRead = false;
  try {
    for await (const line of createInterface({ input: child.stdout! })) {
      const event = runEvent.parse(JSON.parse(line));
      if (event.event === 'fault') fault = event.text;
      else yield event;
    }
    isRead = true;
  } finally {
    if (!isRead) child.kill();
  }
  const code = await ended;
  signal?.throwIfAborted();
  if (fault !== undefined) throw new WellbegunError('training-failed', fault);
  if (code !== 0) throw await failure(code ?? child.signalCode, log);
}

async function failure(code: number | string | null, log: string): Promise<WellbegunError> {
  const last =
    (await readFile(log, 'utf8'))
      .trim()
      .split(/[\r\n]/)
      .at(-1) ?? '';
  const reason = last === '' ? `it ended with ${code}` : last.slice(0, 300);
  return new WellbegunError('training-failed', `Training stopped (${reason}): ${log} has all that was said.`);
}
