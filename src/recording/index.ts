/** Many items that outlive an interruption: one engine for every long run. */
export type { FileContent, Fingerprint } from './fingerprint.ts';
export { type Failure, isFailure } from './failure.ts';
export { type IdSet, openRecording, type Recording, type RecordingOptions } from './open-recording.ts';
export { type Work, workThrough } from './work-through.ts';
