import { ConfigError } from '../core/errors.ts';
import type { ChatMessage } from '../core/prompt-format.ts';
import { openLocalTokenizer } from '../engines/network/local-tokenizer.ts';
import { chatTemplate } from '../prompts/chat-template.ts';

/**
 * The tokens of conversations as a model is trained with them, from its `tokenizer.json` (or the folder that holds it) and the
 * chat template beside it.
 *
 * @returns `encode` of a conversation that a response ends (`isComplete`), or in which one is about to begin
 * @throws ConfigError for a file that can't be used, or where there is no chat template
 */
export async function openPairTokenizer(
  reference: string,
): Promise<{ encode(messages: readonly ChatMessage[], isComplete: boolean): Promise<readonly number[]> }> {
  const tokenizer = await openLocalTokenizer(reference);
  const source = tokenizer.chatTemplate;
  if (source === undefined) {
    throw new ConfigError(
      'no-template',
      `There is no chat template beside ${reference}: put the model's tokenizer_config.json or chat_template.jinja there.`,
    );
  }
  const options = { ...tokenizer, source, owner: reference };
  const [begun, complete] = [chatTemplate(options), chatTemplate({ ...options, complete: true })];
  return {
    encode: (messages, isComplete) => tokenizer.encode((isComplete ? complete : begun).format(messages).text),
  };
}
