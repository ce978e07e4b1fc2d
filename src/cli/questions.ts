import { createInterface } from 'node:readline';
import { LineSplitter } from '../recording/line-splitter.ts';
import { decodeUtf8 } from './read-input.ts';

/** What is asked, a line at a time, from a person or a pipe. Ends with Ctrl-D, or with Ctrl-C at the prompt. */
export async function* questions(): AsyncGenerator<string, void, void> {
  const lines = process.stdin.isTTY ? typedLines() : pipedLines();
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

async function* typedLines(): AsyncGenerator<string, void, void> {
  const history: string[] = [];
  const typed: Typed = { lines: [], rest: '' };
  for (;;) {
    if (typed.lines.length === 0) await ask(typed, history);
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
function ask(typed: Typed, history: readonly string[]): Promise<void> {
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
  prompt.on('SIGINT', () => prompt.close());
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
