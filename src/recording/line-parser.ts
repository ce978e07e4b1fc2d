import type { z } from 'zod';

/** Reads lines of one form, as `openRecording` wants it: undefined for a line of another one. */
export function lineParser<Item>(schema: z.ZodType<Item>): (text: string) => Item | undefined {
  return (text) => {
    try {
      return schema.safeParse(JSON.parse(text)).data;
    } catch {
      return undefined;
    }
  };
}
