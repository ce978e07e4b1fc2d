import type { ChatSession } from './chat-session.ts';

interface ChatCommand {
  /** As it is typed, with what follows it. */
  readonly usage: string;
  readonly says: string;
  /** Gives what to tell. @throws ConfigError */
  readonly run: (session: ChatSession, words: string) => string | undefined | Promise<string>;
}

const NOTHING_ASKED = 'Nothing was asked yet.';

const COMMANDS: Readonly<Record<string, ChatCommand>> = {
  help: { usage: '/help', says: 'lists this', run: () => chatHelp() },
  reset: {
    usage: '/reset',
    says: 'begins anew, under the same system message',
    run: ({ conversation }) => {
      conversation.reset();
      return 'The conversation begins anew.';
    },
  },
  retry: {
    usage: '/retry',
    says: 'answers the last question again',
    run: ({ conversation }) => (conversation.reopen() ? undefined : NOTHING_ASKED),
  },
  undo: {
    usage: '/undo',
    says: 'takes the last question and its answer back',
    run: ({ conversation }) => (conversation.undo() ? 'The last question and its answer are gone.' : NOTHING_ASKED),
  },
  system: {
    usage: '/system [text]',
    says: 'sets the system message from here on, or takes it away',
    run: ({ conversation }, text) => {
      conversation.setSystem(text);
      return text === '' ? 'There is no system message.' : 'The system message is set.';
    },
  },
  set: {
    usage: '/set name value',
    says: 'changes a setting, as in /set gamma 0.9',
    run: (session, words) => {
      session.set(words);
      return `Set: ${words}.`;
    },
  },
  strategy: {
    usage: '/strategy name',
    says: 'lets another strategy answer, as in /strategy base',
    run: (session, name) => {
      session.choose(name);
      return `${name} answers from now on.`;
    },
  },
  save: {
    usage: '/save file',
    says: 'writes the conversation as JSON, for /load and run --messages',
    run: async (session, path) => {
      await session.save(path);
      return `The conversation is in ${path}.`;
    },
  },
  load: {
    usage: '/load file',
    says: 'goes on with a conversation from a file',
    run: async (session, path) => {
      await session.load(path);
      return `The conversation of ${path} goes on here, with ${session.conversation.messages.length} messages.`;
    },
  },
};

/** What can be typed besides questions. */
export function chatHelp(): string {
  const lines = Object.values(COMMANDS).map(({ usage, says }) => `  ${usage.padEnd(18)}${says}`);
  return [...lines, `  ${'/exit, Ctrl-D'.padEnd(18)}leaves`, `  ${'Ctrl-C'.padEnd(18)}stops an answer`].join('\n');
}

/**
 * Does what a line says, where it is a command and no question: `/` and a known word, or nothing but `/` and a word.
 *
 * @returns false for a question
 * @throws ConfigError
 */
export async function runChatCommand(
  session: ChatSession,
  line: string,
  tell: (text: string) => void,
): Promise<boolean> {
  const [, name = '', words = ''] = /^\/(\w*)(?:\s+(.*))?$/su.exec(line) ?? [];
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const told = await command?.run(session, words.trim());
  if (told !== undefined) tell(told);
  if (command) return true;
  const isUnknown = /^\/\w*$/u.test(line);
  if (isUnknown) tell(`There is no command ${line}: /help lists them.`);
  return isUnknown;
}
