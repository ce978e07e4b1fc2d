import { parseArgs } from 'node:util';
import { measureConcurrency } from './measure-concurrency.ts';
import { printRows } from './print-rows.ts';

const { values } = parseArgs({
  options: {
    threads: { type: 'string', default: '2' },
    'max-tokens': { type: 'string', default: '64' },
    'max-draft': { type: 'string', default: '512' },
    rounds: { type: 'string', default: '3' },
  },
});

printRows(
  await measureConcurrency({
    threads: Number(values.threads),
    maxTokens: Number(values['max-tokens']),
    maxDraft: Number(values['max-draft']),
    rounds: Number(values.rounds),
  }),
);
