import { baseFormat } from '../../assembly/load-pair.ts';
import type { RunRequest } from '../../assembly/run-request.ts';
import type { LanguageModel } from '../../core/language-model.ts';
import type { PromptFormat } from '../../core/prompt-format.ts';
import { urialFormat } from '../../strategies/urial.ts';

/**
 * How the base saw the conversation of a request, by the settings that it was made with.
 *
 * @throws CapabilityError, ModelFileError for a template that can't be used; ConfigError for examples that are none
 */
export function requestFormat({ strategy, settings }: RunRequest, base: LanguageModel): PromptFormat {
  const { template, urialExamples: examples } = settings;
  const format = baseFormat(base, typeof template === 'string' ? { template } : {});
  if (strategy !== 'urial') return format;
  return urialFormat({ base, baseFormat: format, ...(typeof examples === 'string' && { examples }) });
}
