import { ContextOverflowError, WellbegunError } from '../../core/errors.ts';
import type { ChatMessage } from '../../core/prompt-format.ts';
import { checkOptions } from '../../assembly/check-options.ts';
import { modelsNeeded, textsAtOnce } from '../../assembly/create-strategy.ts';
import { decode } from '../../assembly/decode.ts';
import type { DecodeOptions } from '../../assembly/decode-options.ts';
import { loadModels, type Models } from '../../assembly/load-pair.ts';
import { runChatCommand } from '../conversation/chat-commands.ts';
import { ChatSession } from '../conversation/chat-session.ts';
import { Interrupt } from '../interrupt.ts';
import { showNativeLog } from '../output/native-log.ts';
import { printable } from '../output/printable.ts';
import { colouredView, plainView } from '../output/response-view.ts';
import { warnOfDraft } from '../output/warn-of-draft.ts';
import { summaryLine } from '../output/summary-line.ts';
import { openTerminal, type Terminal } from '../output/terminal.ts';
import { OUTPUT_FAILED } from '../output/watch-output.ts';
import { WordWrap } from '../output/word-wrap.ts';
import { questions } from '../questions.ts';
import { TypedAhead } from '../typed-ahead.ts';
import { FAILURE, isAbort, reportError } from '../report-error.ts';
import { type CommandValues, decodeOptions, modelSettings } from './command-values.ts';

export interface ChatValues extends CommandValues {
  readonly debug?: boolean;
}

const HELP = '/help lists commands, /exit or Ctrl-D leaves, Ctrl-C stops an answer.';

/** Talks in the terminal until the person leaves. */
export async function holdChat(values: ChatValues): Promise<void> {
  const terminal = openTerminal();
  if (values.debug) await showNativeLog(values);
  const session = new ChatSession(await decodeOptions(values), values);
  checkOptions({ ...session.options, prompt: 'any' });
  const typed = new TypedAhead();
  const models = await openModels(values, terminal).finally(() => typed.stop());
  try {
    terminal.notice(terminal.noticeColours.dim(HELP));
    const failed = await talk(session, (options) => turn(models, options, terminal, values), {
      terminal,
      lines: questions({ typed: typed.text, mayLeave: () => session.conversation.isEmpty }),
    });
    // A person has seen it, and could ask again.
    if (failed > 0 && !process.stdin.isTTY) process.exitCode = FAILURE;
  } finally {
    await models.close();
  }
}

async function openModels(values: ChatValues, terminal: Terminal): Promise<Models> {
  using interrupt = new Interrupt();
  const settings = await modelSettings(values, terminal, interrupt.signal);
  return await loadModels(settings, modelsNeeded(values.strategy, settings), {
    textsAtOnce: textsAtOnce(values.strategy),
  });
}

type Answer = (options: DecodeOptions) => Promise<string | undefined>;

interface Talk {
  readonly terminal: Terminal;
  readonly lines: AsyncIterable<string>;
}

/** Gives how many answers failed. */
async function talk(session: ChatSession, answer: Answer, { terminal, lines }: Talk): Promise<number> {
  const { conversation } = session;
  let failed = 0;
  for await (const line of lines) {
    if (OUTPUT_FAILED.aborted || line === '/exit') break;
    if (line === '') continue;
    const before = conversation.messages;
    const isCommand = await obey(session, line, terminal);
    if (!isCommand) conversation.ask(line);
    if (!conversation.isOpen) continue;
    const content = await answer({ ...session.options, messages: conversation.messages });
    if (content !== undefined) conversation.answer(content);
    else {
      failed++;
      conversation.replace(before);
    }
  }
  return failed;
}

/** Does what a command says, or tells what is wrong with it. False for a question. */
async function obey(session: ChatSession, line: string, terminal: Terminal): Promise<boolean> {
  try {
    return await runChatCommand(session, line, (text) => terminal.notice(terminal.noticeColours.dim(printable(text))));
  } catch (error) {
    if (!(error instanceof WellbegunError)) throw error;
    reportError(error, { debug: false });
    return true;
  }
}

/** Answers the last message. Gives what was answered, also when it was stopped; undefined when it failed. */
async function turn(
  models: Models,
  options: DecodeOptions,
  terminal: Terminal,
  { debug = false }: ChatValues,
): Promise<string | undefined> {
  using interrupt = new Interrupt();
  const { dim } = terminal.noticeColours;
  const wrap = terminal.isScreen ? new WordWrap(terminal.write, () => process.stdout.columns || Infinity) : undefined;
  const write = wrap ? (text: string) => wrap.write(text) : terminal.write;
  const view = terminal.pretty ? colouredView(write, terminal.colours) : plainView(write, terminal);
  let answer = '';
  try {
    for await (const event of decode(models, { ...options, confidences: 'deciding', signal: interrupt.signal })) {
      if (event.type === 'token') answer += event.text;
      view(event);
      if (event.type !== 'decode-end') continue;
      terminal.notice(dim(summaryLine(event.trace)));
      warnOfDraft(event.trace, terminal);
    }
  } catch (error) {
    wrap?.flush();
    if (isAbort(error)) {
      terminal.notice(dim(' (stopped)'));
      return answer;
    }
    reportError(error, { debug });
    if (error instanceof ContextOverflowError && isLater(options.messages))
      terminal.notice(dim('The conversation has grown too long: /reset begins anew.'));
    return undefined;
  }
  return answer;
}

/** Whether anything was said before the question. */
function isLater(messages: readonly ChatMessage[] = []): boolean {
  return messages.some(({ role }) => role === 'assistant');
}
