import type { ChatMessage } from '../../core/prompt-format.ts';

/** What was said so far, and how it is taken back. */
export class Conversation {
  #messages: readonly ChatMessage[];

  constructor(messages: readonly ChatMessage[]) {
    this.#messages = messages;
  }

  get messages(): readonly ChatMessage[] {
    return this.#messages;
  }

  /** Whether anything would be lost. */
  get isEmpty(): boolean {
    return this.#turns.length === 0;
  }

  /** The question that waits for an answer, such as the last one of a file. */
  get isOpen(): boolean {
    return this.#messages.at(-1)?.role === 'user';
  }

  ask(question: string): void {
    this.#messages = [...this.#messages, { role: 'user', content: question }];
  }

  answer(content: string): void {
    this.#messages = [...this.#messages, { role: 'assistant', content }];
  }

  replace(messages: readonly ChatMessage[]): void {
    this.#messages = messages;
  }

  /** Begins anew under the same system message. */
  reset(): void {
    this.#messages = this.#system;
  }

  /** An empty text takes the system message away. */
  setSystem(text: string): void {
    const system: ChatMessage[] = text === '' ? [] : [{ role: 'system', content: text }];
    this.#messages = [...system, ...this.#turns];
  }

  /** Takes the last question back, and its answer where there is one. False where nothing was asked. */
  undo(): boolean {
    const last = this.#messages.findLastIndex(({ role }) => role === 'user');
    if (last >= 0) this.#messages = this.#messages.slice(0, last);
    return last >= 0;
  }

  /** Takes the last answer back, so that its question is open again. False where nothing was asked. */
  reopen(): boolean {
    const last = this.#messages.findLastIndex(({ role }) => role === 'user');
    if (last >= 0) this.#messages = this.#messages.slice(0, last + 1);
    return last >= 0;
  }

  get #system(): readonly ChatMessage[] {
    return this.#messages.filter(({ role }) => role === 'system');
  }

  get #turns(): readonly ChatMessage[] {
    return this.#messages.filter(({ role }) => role !== 'system');
  }
}
