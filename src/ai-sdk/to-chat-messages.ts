import type { LanguageModelV4Message, LanguageModelV4Prompt, SharedV4Warning } from '@ai-sdk/provider';
import { CapabilityError } from '../core/errors.ts';
import type { ChatMessage } from '../core/prompt-format.ts';

interface Conversation {
  readonly messages: readonly ChatMessage[];
  readonly warnings: readonly SharedV4Warning[];
}

/**
 * The AI SDK's prompt as plain turns. Reasoning of earlier answers is left out, with a warning.
 *
 * @throws CapabilityError for files, tool calls and their results
 */
export function toChatMessages(prompt: LanguageModelV4Prompt): Conversation {
  const leavesOut = prompt.some(({ role, content }) => role === 'assistant' && content.some(isReasoning));
  return {
    messages: prompt.map(toChatMessage),
    warnings: leavesOut ? [{ type: 'other', message: 'The reasoning of earlier answers is left out.' }] : [],
  };
}

function toChatMessage(message: LanguageModelV4Message): ChatMessage {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: message.content };
    case 'user':
      return { role: 'user', content: textsOf(message).join('') };
    case 'assistant':
      return { role: 'assistant', content: textsOf(message).join('') };
    case 'tool':
      throw notText('a tool message');
  }
}

function textsOf({ role, content }: Extract<LanguageModelV4Message, { role: 'user' | 'assistant' }>): string[] {
  return content.flatMap((part) => {
    if (part.type === 'text') return [part.text];
    if (isReasoning(part)) return [];
    throw notText(`a part "${part.type}" in the ${role} message`);
  });
}

const isReasoning = ({ type }: { readonly type: string }) => type === 'reasoning';

function notText(what: string): CapabilityError {
  return new CapabilityError('only-text', `wellbegun reads text only, and the prompt has ${what}: leave it out.`);
}
