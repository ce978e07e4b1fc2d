import { Command } from 'commander';
import { ContextOverflowError } from '../../core/errors.ts';
import type { ChatMessage } from '../../core/prompt-format.ts';
import { checkOptions } from '../../assembly/check-options.ts';
import { modelsNeeded, textsAtOnce } from '../../assembly/create-strategy.ts';
import { decode } from '../../assembly/decode.ts';
import type { DecodeOptions } from '../../assembly/decode-options.ts';
import { loadModels, type Models } from '../../assembly/load-pair.ts';
import { Interrupt } from '../interrupt.ts';
import type { ConfigFile } from '../options/config-file.ts';
import { chosenCriterion } from '../options/chosen-criterion.ts';
import { chosenStrategy } from '../options/chosen-strategy.ts';
import { decodingOptions, modelOptions } from '../options/shared-options.ts';
import { showNativeLog } from '../output/native-log.ts';
import { colouredView, plainView } from '../output/response-view.ts';
import { warnOfDraft } from '../output/warn-of-draft.ts';
import { summaryLine } from '../output/summary-line.ts';
import { openTerminal, type Terminal } from '../output/terminal.ts';
import { OUTPUT_FAILED } from '../output/watch-output.ts';
import { questions } from '../questions.ts';
import { FAILURE, isAbort, reportError } from '../report-error.ts';
import { type CommandValues, decodeOptions, modelSettings } from './command-values.ts';

interface ChatValues extends CommandValues {
  readonly debug?: boolean;
}

const HELP = '/reset begins anew, /exit or Ctrl-D leaves, Ctrl-C stops an answer.';

export function chatCommand(config: ConfigFile): Command {
  const command = new Command('chat');
  for (const option of [...modelOptions(config), ...decodingOptions(config)]) command.addOption(option);
  return command.action(async (_, self: Command) =>
    chat({
      ...self.optsWithGlobals<ChatValues>(),
      ...(await chosenStrategy(self, config)),
      ...(await chosenCriterion(self, config)),
    }),
  );
}

async function chat(values: ChatValues): Promise<void> {
  const terminal = openTerminal();
  if (values.debug) await showNativeLog(values);
  const { system, ...options } = await decodeOptions(values);
  checkOptions({ ...options, prompt: 'any' });
  const models = await openModels(values, terminal);
  try {
    terminal.notice(terminal.noticeColours.dim(HELP));
    const opening: ChatMessage[] = system === undefined ? [] : [{ role: 'system', content: system }];
    const failed = await talk(
      opening,
      (messages) => turn(models, { ...options, messages }, terminal, values),
      terminal,
    );
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

type Answer = (messages: readonly ChatMessage[]) => Promise<string | undefined>;

/** Gives how many answers failed. */
async function talk(opening: readonly ChatMessage[], answer: Answer, terminal: Terminal): Promise<number> {
  let messages = [...opening];
  let failed = 0;
  for await (const line of questions()) {
    if (OUTPUT_FAILED.aborted || line === '/exit') break;
    if (line === '/reset') messages = [...opening];
    else if (/^\/\w*$/.test(line)) terminal.notice(`There is no command ${line}: ${HELP}`);
    if (line === '' || /^\/\w*$/.test(line)) continue;
    const asked: ChatMessage[] = [...messages, { role: 'user', content: line }];
    const content = await answer(asked);
    if (content === undefined) failed++;
    else messages = [...asked, { role: 'assistant', content }];
  }
  return failed;
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
  const view = terminal.pretty ? colouredView(terminal.write, terminal.colours) : plainView(terminal.write, terminal);
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
