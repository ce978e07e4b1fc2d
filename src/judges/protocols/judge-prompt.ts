import type { ChatMessage } from '../../core/prompt-format.ts';

/** What a judge is asked with: messages with fields such as `{question}`. */
export interface JudgePrompt {
  /** Such as `own prompt 1`. */
  readonly version: string;
  readonly messages: readonly ChatMessage[];
}

/** Puts texts where their fields are. A field within a text stays as it is. */
export function fillPrompt({ messages }: JudgePrompt, fields: Readonly<Record<string, string>>): ChatMessage[] {
  const fill = (text: string) => text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => fields[name] ?? whole);
  return messages.map(({ role, content }) => ({ role, content: fill(content) }));
}
