import { type RunResult, runResult, TRACE_VERSION } from '../assembly/run-result.ts';
import { ConfigError } from '../core/errors.ts';

/** One trace of a file, or why it is none. */
export interface ReadTrace {
  /** For people: the file, with the line or the place in it where there are several. */
  readonly place: string;
  readonly trace: RunResult | ConfigError;
}

/**
 * The traces of a file: one of `run --json`, those of `run --compare --json`, or lines of `batch --tokens` and `evaluate
 * --tokens`. What can't be read is told in its place; others are not harmed by it.
 *
 * @param text of the file
 */
export function* readTraces(text: string, file: string): Generator<ReadTrace, void, void> {
  const whole = parsed(text);
  if (whole !== undefined) return yield* readWhole(whole, file);
  const lines = text.split('\n').map((line, i) => ({ line, place: `${file} line ${i + 1}` }));
  for (const { line, place } of lines.filter(({ line: one }) => one.trim() !== '')) {
    yield { place, trace: readTrace(parsed(line), place) };
  }
}

function* readWhole(value: unknown, file: string): Generator<ReadTrace, void, void> {
  const { compare } = (value ?? {}) as { readonly compare?: unknown };
  if (!Array.isArray(compare)) return yield { place: file, trace: readTrace(value, file) };
  for (const [i, one] of compare.entries()) {
    const place = `${file} (${i + 1} of ${compare.length})`;
    yield { place, trace: readTrace(one, place) };
  }
}

function readTrace(value: unknown, place: string): RunResult | ConfigError {
  const { version, text, tokens, request, error } = (value ?? {}) as Readonly<Record<string, unknown>>;
  const refuse = (code: string, why: string) => new ConfigError(code, `${place} ${why}`);
  if (typeof error === 'object' && error !== null)
    return refuse('failed-line', 'is a failure, without a response: leave it out.');
  if (version === undefined && typeof text === 'string')
    return refuse(
      'old-trace',
      `has no version: it was written by an older wellbegun. Make it again with run --json, or with --tokens.`,
    );
  if (version !== undefined && version !== TRACE_VERSION)
    return refuse(
      'unknown-version',
      `has the version ${JSON.stringify(version)}, and this wellbegun reads ${TRACE_VERSION}: use the wellbegun that wrote it.`,
    );
  if (version !== undefined && (tokens === undefined || request === undefined))
    return refuse('no-tokens', 'has no tokens: make it again with --tokens.');
  const read = runResult.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const at = issue?.path.join('.') ?? '';
  return refuse('bad-trace', `is no trace${at === '' ? '' : ` (${at}: ${issue!.message})`}: make one with run --json.`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
