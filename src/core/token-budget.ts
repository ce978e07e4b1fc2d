import { settingName } from './setting-name.ts';
import { ContextOverflowError } from './errors.ts';
import type { ModelInfo } from './language-model.ts';

/** What the user asked for by name, such as `--max-tokens`; undefined where a default holds. */
export interface AskedTokens {
  readonly option: string;
  readonly tokens: number | undefined;
}

/**
 * Refuses, before any work, a prompt that does not fit the model's context, or that leaves no room for what was asked
 * for. Defaults are no promise: they end where the context does.
 *
 * @throws ContextOverflowError
 */
export function assertFits(
  model: { readonly id: string; readonly info: Pick<ModelInfo, 'contextLength'> },
  promptTokens: number,
  ...asked: readonly AskedTokens[]
): void {
  const { contextLength } = model.info;
  if (promptTokens >= contextLength) {
    throw new ContextOverflowError(
      'prompt-too-long',
      `The prompt has ${promptTokens} tokens for ${model.id}, whose context holds ${contextLength}: shorten it, or raise ${settingName('context')} as far as the model allows.`,
    );
  }
  const room = contextLength - promptTokens;
  const explicit = asked.filter(({ tokens }) => tokens !== undefined);
  const wanted = explicit.reduce((sum, { tokens = 0 }) => sum + tokens, 0);
  if (wanted <= room) return;
  const names = explicit.map(({ option, tokens }) => `${option} ${tokens ?? 0}`).join(' and ');
  throw new ContextOverflowError(
    'response-too-long',
    `${names} can't fit: the prompt takes ${promptTokens} of the ${contextLength} tokens of ${model.id}'s context, which leaves ${room}. Ask for fewer tokens or raise ${settingName('context')}.`,
  );
}
