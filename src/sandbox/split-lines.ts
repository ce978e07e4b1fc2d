import type { Readable } from 'node:stream';

/**
 * Lines of bytes, each byte as a character (latin1). Only `\n` ends one: a program that writes another line end must not
 * begin a line of its own. They end at a line longer than `maxBytes` and a little.
 */
export async function* splitLines(stream: Readable, maxBytes: number): AsyncGenerator<string, void> {
  let rest = '';
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop()!;
    yield* lines;
    if (rest.length > maxBytes + 100) return;
  }
}
