import { z } from 'zod';
import { mean } from '../../core/mean.ts';
import type { Dimension } from '../preference-pair.ts';
import { UnusableRecord } from '../records/data-record.ts';
import { defineForm } from './form.ts';

const rating = z.looseObject({ Rating: z.coerce.number().catch(Number.NaN) }).nullish();

/** What of the annotations speaks of a dimension. */
const ASPECTS = {
  helpful: ['instruction_following', 'helpfulness'],
  honest: ['honesty', 'truthfulness'],
} as const;

const completion = z.object({
  response: z.string(),
  annotations: z.record(z.string(), rating),
});

/** Several completions of an instruction with ratings; the best and the worst of them make a pair. */
export const ultrafeedback = defineForm({
  summary: 'UltraFeedback: completions with ratings; the best and the worst are taken',
  schema: z.object({ instruction: z.string(), completions: z.array(completion) }),
  fields: ['instruction', 'completions'],
  source: 'ultrafeedback',
  licence: 'MIT',
  dimensions: ['helpful', 'honest'],
  pairsOf({ instruction, completions }, dimension) {
    const rated = completions.map(({ response, annotations }) => ({
      response,
      rating: ratingOf(annotations, dimension),
    }));
    const known = rated.filter((one) => !Number.isNaN(one.rating));
    if (known.length < 2) throw new UnusableRecord('fewer than two of its responses are rated');
    const best = known.reduce((found, one) => (one.rating > found.rating ? one : found));
    const worst = known.reduce((found, one) => (one.rating < found.rating ? one : found));
    if (best.rating === worst.rating) throw new UnusableRecord('its responses are rated alike');
    return [{ prompt: [{ role: 'user', content: instruction }], chosen: best.response, rejected: worst.response }];
  },
});

/** NaN where one of the aspects was not rated. */
function ratingOf(
  annotations: Readonly<Record<string, z.infer<typeof rating>>>,
  dimension: Dimension | undefined,
): number {
  const aspects = ASPECTS[dimension === 'honest' ? 'honest' : 'helpful'];
  return mean(aspects.map((aspect) => annotations[aspect]?.Rating ?? Number.NaN));
}
