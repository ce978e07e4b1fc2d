import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { replaceFile } from '../storage/replace-file.ts';
import type { Fingerprint } from './fingerprint.ts';

const FORMAT = 'wellbegun-recording-1';
/** Of versions that knew batches only; its fields are the same. */
const BATCH_FORMAT = 'wellbegun-batch-1';

const input = z.object({ sha256: z.string(), bytes: z.number(), lines: z.number() });

const schema = z.object({
  format: z.enum([FORMAT, BATCH_FORMAT]),
  input: input.optional(),
  settings: z.record(z.string(), z.unknown()),
  models: z.record(z.string(), z.unknown()).optional(),
});

/** The file whose lines are asked. */
export interface RecordingInput extends Readonly<z.infer<typeof input>> {
  /** As a person named it. */
  readonly file: string;
}

/** What a recording was made from: an input, where it has one, settings, and models as their servers call them. */
export interface RecordingState {
  readonly input?: z.infer<typeof input> | undefined;
  readonly settings: Fingerprint;
  readonly models?: Fingerprint | undefined;
}

/** As it will be read: without what is undefined. */
export function createState(settings: Fingerprint, from: RecordingInput | undefined): RecordingState {
  const { sha256, bytes, lines } = from ?? {};
  return JSON.parse(JSON.stringify({ input: from && { sha256, bytes, lines }, settings })) as RecordingState;
}

/** Beside the recording. */
export function statePath(recording: string): string {
  return `${recording}.state.json`;
}

/** @throws the file system's errors */
export async function writeState(recording: string, state: RecordingState): Promise<void> {
  const text = `${JSON.stringify({ format: FORMAT, ...state }, null, 2)}\n`;
  await replaceFile(statePath(recording), (file) => file.writeFile(text));
}

/** Undefined where it is missing or damaged. */
export async function readState(recording: string): Promise<RecordingState | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(statePath(recording), 'utf8')));
  } catch {
    return undefined;
  }
}
