import { readFileSync } from 'node:fs';
import { Ended } from './ended.ts';
import { LineChannel } from './line-channel.ts';
import { ProgramChannel } from './program-channel.ts';
import { startWatch } from './start-watch.ts';
import { type Host, wasiImports } from './wasi-imports.ts';

interface Python {
  readonly memory: WebAssembly.Memory;
  _start(): void;
}

/**
 * A process that runs Python in WebAssembly, one fresh interpreter after the other. Usage: `interpreter-process WASM
 * SCRIPT OUTPUT_BYTES`. Each interpreter runs SCRIPT and has a number; lines of its channel come from standard input as
 * `NUMBER TEXT`, where those for an earlier interpreter are left out and an empty text ends it. To standard output go
 * `w NUMBER` when it first waits for a line, `a TEXT` for each line of it, and `e REASON` when it has ended.
 */
const [wasmPath, script, outputBytes] = process.argv.slice(2) as [string, string, string];
const python = new WebAssembly.Module(readFileSync(wasmPath));
const lines = new LineChannel();

startWatch();
for (let number = 0; ; number++) {
  const channel = new ProgramChannel(lines, number, Number(outputBytes));
  const reason = runInterpreter(channel);
  if (!channel.hasWaited) throw new Error(`The interpreter did not start: ${reason}`);
  lines.write(Buffer.from(`e ${reason}`));
}

/** @returns why it ended, in one line */
function runInterpreter(channel: ProgramChannel): string {
  const host: Host = {
    args: ['python', '-I', '-S', '-B', '-c', script],
    memory: () => interpreter.memory,
    read: (maxBytes) => channel.read(maxBytes),
    write: (bytes) => channel.write(bytes),
    print: (bytes) => channel.print(bytes),
  };
  const interpreter = new WebAssembly.Instance(python, wasiImports(python, host)).exports as Python;
  try {
    interpreter._start();
    return 'the program ended the interpreter';
  } catch (error) {
    return error instanceof Ended ? error.message : `the interpreter stopped: ${String(error)}`;
  }
}
