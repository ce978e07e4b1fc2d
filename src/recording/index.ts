// Items that outlive an interruption, for scripts that record their own.
export { lineParser } from './line-parser.ts';
export { openRecording, type Recording, type RecordingOptions } from './open-recording.ts';
