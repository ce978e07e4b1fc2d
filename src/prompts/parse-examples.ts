import { ConfigError } from '../core/errors.ts';
import { FENCED_HEADINGS } from './fenced-form.ts';
import type { ChatMessage } from '../core/prompt-format.ts';

/** Lines that begin a turn: those of the plain form, and those of the published URIAL prompts. */
const ROLES: Readonly<Record<string, ChatMessage['role']>> = {
  '[System]': 'system',
  '[User]': 'user',
  '[Assistant]': 'assistant',
  [FENCED_HEADINGS.system]: 'system',
  [FENCED_HEADINGS.user]: 'user',
  [FENCED_HEADINGS.assistant]: 'assistant',
};

/** Whether examples have the headings of the published prompts. */
export function arePublished(text: string): boolean {
  return text.split(/\r?\n/u).some((line) => line.trim() === FENCED_HEADINGS.user);
}

/** The published prompts put queries and answers into fences. */
const FENCED = /^```\n([\s\S]*?)\n?```$/u;

/**
 * The turns of a text with headings: a system text, if any, then questions with their answers.
 *
 * @throws ConfigError for text before the first heading, an empty turn, or anything but answered questions
 */
export function parseExamples(text: string): ChatMessage[] {
  const [before, ...turns] = splitAtHeadings(text);
  if (before!.content !== '') refuse('it begins with text that has no heading');
  const messages = turns.map(({ role, content }): ChatMessage => {
    if (content === '') refuse(`a turn of the ${role} is empty`);
    return { role, content };
  });
  const exchanges = messages.filter(({ role }, i) => role !== 'system' || i > 0);
  const alternate = exchanges.every(({ role }, i) => role === (i % 2 === 0 ? 'user' : 'assistant'));
  if (!alternate || exchanges.length === 0 || exchanges.length % 2 === 1) {
    refuse('it must hold questions, each followed by its answer, and may begin with a system text');
  }
  return messages;
}

interface Turn {
  readonly role: ChatMessage['role'];
  content: string;
}

/** The first turn is what comes before any heading. */
function splitAtHeadings(text: string): Turn[] {
  const turns: Turn[] = [{ role: 'system', content: '' }];
  for (const line of text.replaceAll('\r\n', '\n').split('\n')) {
    const role = Object.hasOwn(ROLES, line.trim()) ? ROLES[line.trim()] : undefined;
    if (role) turns.push({ role, content: '' });
    else turns.at(-1)!.content += `${line}\n`;
  }
  return turns.map(({ role, content }) => ({ role, content: withoutFence(content.trim()) }));
}

function withoutFence(content: string): string {
  return (FENCED.exec(content)?.[1] ?? content).trim();
}

function refuse(reason: string): never {
  throw new ConfigError(
    'bad-examples',
    `The examples for urial can't be used: ${reason}. Write [System], [User] and [Assistant] on lines of their own, as docs/strategies.md shows.`,
  );
}
