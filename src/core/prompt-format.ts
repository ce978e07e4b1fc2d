/** One turn of a conversation. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/**
 * A piece of prompt. Control tokens (`<s>`, `<|im_start|>` …) are recognised in `control` pieces only, so that what a
 * user wrote can't forge a turn.
 */
export interface PromptSegment {
  readonly text: string;
  readonly control: boolean;
}

export type PromptText = readonly PromptSegment[];

export interface FormattedPrompt {
  readonly text: PromptText;
  /** Texts that end the response in this form; never part of it. */
  readonly stop: readonly string[];
}

/** How one model sees a conversation. The prompt ends where the assistant's answer begins. */
export interface PromptFormat {
  format(messages: readonly ChatMessage[]): FormattedPrompt;
}
