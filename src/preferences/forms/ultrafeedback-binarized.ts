import { z } from 'zod';
import { UnusableRecord } from '../records/data-record.ts';
import { pairOf, turns } from './conversation.ts';
import { defineForm } from './form.ts';

const texts = { prompt: z.string(), chosen: turns, rejected: turns };

const scored = z.union([
  z.object({ ...texts, score_chosen: z.number(), score_rejected: z.number() }),
  z.object({ ...texts, 'chosen-rating': z.number(), 'rejected-rating': z.number() }).transform((record) => ({
    ...record,
    score_chosen: record['chosen-rating'],
    score_rejected: record['rejected-rating'],
  })),
]);

/** As published by HuggingFaceH4 and by Argilla. */
export const ultrafeedbackBinarized = defineForm({
  summary: 'UltraFeedback binarized: conversations with the scores of both responses',
  schema: scored,
  fields: ['prompt', 'chosen', 'rejected', 'score_chosen', 'score_rejected'],
  source: 'ultrafeedback-binarized',
  licence: 'MIT',
  dimensions: ['helpful'],
  pairsOf(record) {
    if (record.score_chosen <= record.score_rejected)
      throw new UnusableRecord('its rejected response is scored as high as the chosen one');
    return [pairOf(record)];
  },
});
