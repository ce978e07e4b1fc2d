import type { Responses } from '../use-responses.ts';

/** What a screen reader is told: that an answer began, and how it ended; not every token. */
export function statusOf(asked: string, responses: Responses, kept: number | undefined): string {
  const states = Object.values(responses).map(({ state }) => state);
  if (states.length === 0) return 'Ask something, or open a recorded example.';
  if (states.some((state) => state === 'waiting' || state === 'streaming')) return `Answering: ${asked}`;
  const place = kept === undefined ? 'there was no switch' : `the base took over after ${kept} tokens`;
  return `Answered: ${asked} In the weak-to-strong response ${place}.`;
}
