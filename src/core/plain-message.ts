import type { ChatMessage } from './prompt-format.ts';

/** A message as clients of OpenAI's API write it. */
export interface ClientMessage {
  /** `developer` is that API's newer word for `system`. */
  readonly role: ChatMessage['role'] | 'developer';
  /** A text, or its parts, which are joined with nothing between them; null is no text. */
  readonly content: string | readonly { readonly text: string }[] | null;
}

/** The message as models get it. */
export function plainMessage({ role, content }: ClientMessage): ChatMessage {
  return {
    role: role === 'developer' ? 'system' : role,
    content: typeof content === 'string' ? content : (content ?? []).map(({ text }) => text).join(''),
  };
}
