import type { DataFile } from '../../benchmarks/data/data-file.ts';
import type { DataSource } from '../../benchmarks/data/data-source.ts';
import { DownloadError } from '../../core/errors.ts';
import type { ChatMessage } from '../../core/prompt-format.ts';
import type { JudgePrompt } from './judge-prompt.ts';

/** A prompt that its authors publish in a file. */
export interface PublishedPrompt {
  readonly file: DataFile;
  readonly read: (text: string) => readonly ChatMessage[];
}

export interface PromptChoice {
  /** `own`: this project's words. Default: the published ones where they can be had, else its own. */
  readonly prompt?: 'published' | 'own' | undefined;
  /** Told where the published prompt can't be had. */
  readonly notice?: ((text: string) => void) | undefined;
}

/** @throws as `DataSource.read`, where the published prompt is asked for by name, or another file has its name */
export async function loadPrompt(
  source: DataSource,
  { file, read }: PublishedPrompt,
  own: JudgePrompt,
  { prompt, notice }: PromptChoice,
): Promise<JudgePrompt> {
  if (prompt === 'own') return own;
  try {
    const text = await source.readText(file);
    return { version: `published prompt ${file.sha256.slice(0, 8)}`, messages: read(text) };
  } catch (error) {
    if (prompt === 'published' || !(error instanceof DownloadError)) throw error;
    notice?.(`The judge is asked with the ${own.version}, for the published one can't be had: ${error.message}`);
    return own;
  }
}
