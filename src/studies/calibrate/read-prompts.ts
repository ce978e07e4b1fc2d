import { settingName } from '../../core/setting-name.ts';
import { z } from 'zod';
import { ConfigError } from '../../core/errors.ts';

const line = z.object({ prompt: z.string().refine((prompt) => prompt.trim() !== '') });

/**
 * The prompts of a file: JSON lines with a `prompt` each where its first line is an object, else a prompt a line.
 *
 * @throws ConfigError that names the line
 */
export function readPrompts(source: string, path: string): string[] {
  const lines = source.split('\n').map((text, index) => ({ text: text.trim(), number: index + 1 }));
  const filled = lines.filter(({ text }) => text !== '');
  if (filled.length === 0) {
    throw new ConfigError(
      'no-prompts',
      `${settingName('prompts')}: ${path} is empty: give it a prompt a line, or JSON lines with "prompt".`,
    );
  }
  if (!filled[0]!.text.startsWith('{')) return filled.map(({ text }) => text);
  return filled.map(({ text, number }) => {
    const parsed = line.safeParse(parse(text));
    if (parsed.success) return parsed.data.prompt;
    throw new ConfigError(
      'bad-prompts',
      `${settingName('prompts')}: line ${number} of ${path} is not {"prompt": text} as JSON: mend it.`,
    );
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
