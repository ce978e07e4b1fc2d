// Support for the tests beside it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { DecodeTrace } from '../core/decode-trace.ts';
import type { Answer } from './batch-request.ts';

/** A folder that goes away with its test. */
export async function makeFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'wellbegun-batch-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

export async function writeInput(context: TestContext, lines: readonly string[]): Promise<string> {
  const path = join(await makeFolder(context), 'in.jsonl');
  await writeFile(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

export function traceOf(text: string): DecodeTrace {
  return {
    text,
    strategy: 'wsd',
    models: { base: 'b', draft: 'd' },
    switch: undefined,
    tokens: [],
    usage: { promptTokens: 1, draftTokens: 2, keptDraftTokens: 3, baseTokens: 4, totalTokens: 8 },
    timings: { firstTokenMs: 1, draftMs: 1, scoreMs: 1, baseMs: 1, totalMs: 1 },
    finishReason: 'stop',
  };
}

/** Answers at once, with the last message in capitals. */
export const shout: Answer = ({ messages }) => Promise.resolve(traceOf(messages.at(-1)!.content.toUpperCase()));
