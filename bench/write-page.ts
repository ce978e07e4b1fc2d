import { writeFileSync } from 'node:fs';
import { format } from 'prettier';

/** Markdown as every page of the documentation is laid out. */
export async function writePage(path: string, markdown: string): Promise<void> {
  writeFileSync(path, await format(markdown, { parser: 'markdown' }));
}
