import type { LanguageModel, TokenId } from '../../core/language-model.ts';

/**
 * Each token as a text of its own, as OpenAI writes them: part of a character as `bytes:\xf0\x9f`; a control token, which
 * has no bytes, as `token_id:2`, as vLLM does. Different tokens have different texts.
 */
export async function tokenTexts(model: LanguageModel, tokens: readonly TokenId[]): Promise<string[]> {
  const pieces = await model.decode(tokens);
  return pieces.map((bytes, i) => (bytes.length === 0 ? `token_id:${tokens[i]!}` : textOf(bytes)));
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return `bytes:${[...bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}`;
  }
}
