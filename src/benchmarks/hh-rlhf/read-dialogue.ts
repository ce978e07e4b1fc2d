import type { ChatMessage } from '../../core/prompt-format.ts';

/** A few texts have the next turn on the line of the last. */
const TURN = /(?:\n\n| {2,})(Human|Assistant):/;

/**
 * The conversation before the last answer of a text of HH-RLHF, which ends with what the user says. Two turns of one speaker in a
 * row, which a few texts have, are one message.
 */
export function readDialogue(text: string): ChatMessage[] {
  const prompt = text.slice(0, text.lastIndexOf('\n\nAssistant:'));
  const parts = prompt.split(TURN).slice(1);
  const messages: ChatMessage[] = [];
  for (let index = 0; index + 1 < parts.length; index += 2) {
    const role = parts[index] === 'Human' ? 'user' : 'assistant';
    const content = parts[index + 1]!.trim();
    const last = messages.at(-1);
    if (last?.role === role) messages[messages.length - 1] = { role, content: `${last.content}\n\n${content}` };
    else messages.push({ role, content });
  }
  return messages.slice(0, messages.findLastIndex(({ role }) => role === 'user') + 1);
}
