import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { expandHome } from './expand-home.ts';

/** What is wrong with a folder in the place of a model, and what to write instead; undefined for what is no folder. */
export function describeFolder(value: string): string | undefined {
  if (value === '') return undefined;
  const files = filesIn(expandHome(value));
  if (!files) return undefined;
  const [found] = files.filter((file) => /\.gguf$/i.test(file)).sort();
  return found === undefined
    ? `${value} is a folder without a .gguf file: name such a file, or a server that has the model loaded, as in vllm:http://127.0.0.1:8000.`
    : `${value} is a folder: name a file in it, such as ${join(value, found)}.`;
}

function filesIn(folder: string): string[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [entry.name] : []));
  } catch {
    return undefined;
  }
}
