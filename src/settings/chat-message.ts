import { z } from 'zod';

/** One turn of a conversation, as files of this project hold it. */
export const chatMessage = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() });
