import { z } from 'zod';

const step = z.int().min(0);

/** What the Python side tells, a JSON object a line. */
export const runEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('note'), text: z.string() }),
  z.object({
    event: z.literal('data'),
    rows: z.int(),
    /** Of all rows. */
    answers: z.int(),
    /** Answers that lose their end to the limit of tokens. */
    cut: z.int(),
    /** Answers that are cut off whole. */
    lost: z.int(),
    /** Answers whose prompt's tokens don't begin those of prompt and answer. */
    parted: z.int(),
  }),
  z.object({ event: z.literal('begin'), step, steps: z.int(), history: z.array(z.record(z.string(), z.unknown())) }),
  z.looseObject({ event: z.literal('step'), step, steps: z.int(), seconds_left: z.number(), loss: z.number() }),
  z.object({ event: z.literal('saved'), step }),
  z.object({ event: z.literal('checked'), what: z.string(), text: z.string() }),
  z.object({ event: z.literal('end'), path: z.string(), step: step.optional() }),
  z.object({ event: z.literal('fault'), text: z.string() }),
]);

export type RunEvent = z.infer<typeof runEvent>;
