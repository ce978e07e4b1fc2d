import { createInterface } from 'node:readline';
import { LineSplitter } from '../recording/line-splitter.ts';
import { decodeUtf8 } from './read-input.ts';

export interface Asking {
  /** What was typed before. */
  readonly typed: string;
  /** Whether nothing is lost by leaving; else Ctrl-C at the prompt has to come twice. */
  readonly mayLeave: () => boolean;
}

/** What is asked, a line at a time, from a person or a pipe. Ends with Ctrl-D, or with Ctrl-C at the prompt. */
export async function* questions(asking: Asking): AsyncGenerator<string, void, void> {
  const lines = process.stdin.isTTY ? typedLines(asking) : pipedLines();
  for await (const line of lines) yield line.trim();
}

/** @throws ConfigError for what is not UTF-8 */
async function* pipedLines(): AsyncGenerator<string, void, void> {
  const splitter = new LineSplitter();
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    for (const line of splitter.push(chunk)) yield decodeUtf8(line.bytes!, 'stdin');
  }
  for (const line of splitter.end()) yield decodeUtf8(line.bytes!, 'stdin');
}

interface Typed {
  readonly lines: string[];
  /** What was typed after the last line's end. */
  rest: string;
}

async function* typedLines({ typed: before, mayLeave }: Asking): AsyncGenerator<string, void, void> {
  const history: string[] = [];
  const lines = before.split(/\r\n|\r|\n/u);
  const typed: Typed = { rest: lines.pop() ?? '', lines };
  for (;;) {
    if (typed.lines.length === 0) await ask(typed, history, mayLeave);
    const line = typed.lines.shift();
    if (line === undefined) return;
    history.unshift(line);
    yield line;
  }
}

/**
 * Waits for a line, or several that are pasted. An interface of its own for each question: while an answer is written
 * the terminal is as the shell left it, so that Ctrl-C is a signal.
 */
function ask(typed: Typed, history: readonly string[], mayLeave: () => boolean): Promise<void> {
  const prompt = createInterface({
    input: process.stdin,
    output: process.stderr,
    prompt: '> ',
    history: [...history],
  });
  prompt.on('line', (line) => {
    typed.lines.push(line);
    // What else came with this line is read before the interface closes.
    setImmediate(() => prompt.close());
  });
  let isWarned = false;
  prompt.on('SIGINT', () => {
    if (prompt.line === '' && (isWarned || mayLeave())) return prompt.close();
    isWarned = prompt.line === '';
    process.stderr.write(isWarned ? '\nCtrl-C again leaves; /save FILE keeps the conversation.\n' : '^C\n');
    prompt.write(null, { ctrl: true, name: 'e' });
    prompt.write(null, { ctrl: true, name: 'u' });
    prompt.prompt();
  });
  prompt.prompt();
  prompt.write(typed.rest);
  typed.rest = '';
  return new Promise((resolve) => {
    prompt.on('close', () => {
      if (typed.lines.length > 0) typed.rest = prompt.line;
      else process.stderr.write('\n');
      resolve();
    });
  });
}
