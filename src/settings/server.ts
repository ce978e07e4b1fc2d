import { z } from 'zod';
import { modelSettings } from './model.ts';
import { MOST_INT, ON_OFF, TEXT, wholeNumber } from './rules.ts';
import type { SettingTable } from './setting.ts';

const GATEWAY = { group: 'Gateway:', effect: 'neither', personOnly: true, shared: true } as const;
const LIMIT = { ...GATEWAY, group: 'Limits:' } as const;

/** How the gateway serves. */
export const serverSettings = {
  host: {
    ...GATEWAY,
    ...TEXT,
    value: '<address>',
    words: 'address to listen on; 0.0.0.0 is every one of the machine',
    default: '127.0.0.1',
  },
  port: { ...GATEWAY, ...wholeNumber(0, 65_535), words: 'port to listen on; 0 is any free one', default: 8000 },
  corsOrigin: {
    ...GATEWAY,
    schema: z.array(z.string().refine((text) => URL.canParse(text) && new URL(text).origin === text)).readonly(),
    takes: 'an origin such as https://example.org',
    form: 'list',
    value: '<origin>',
    words: 'web pages that may ask, such as https://example.org; may be given several times',
  },
  logPrompts: { ...GATEWAY, ...ON_OFF, words: 'write prompts to the log', default: 'off' },
  playground: {
    ...GATEWAY,
    ...ON_OFF,
    value: '[state]',
    words: 'show a page for browsers at /, to ask the models from; without a value: on',
    default: 'off',
  },
  drainSeconds: {
    ...GATEWAY,
    ...wholeNumber(0, MOST_INT),
    words: 'how long requests under way may take when the gateway is stopped',
    default: 30,
  },
  keepAliveSeconds: {
    ...GATEWAY,
    ...wholeNumber(1, MOST_INT),
    words: 'a silent stream gets a comment after so long',
    default: 15,
  },
  stallSeconds: {
    ...GATEWAY,
    ...wholeNumber(1, MOST_INT),
    words: 'a stream that its client has stopped reading is ended after so long',
    default: 60,
  },
  parallel: { ...LIMIT, ...modelSettings.parallel, ...wholeNumber(1, MOST_INT), default: 4 },
  queue: {
    ...LIMIT,
    ...wholeNumber(0, MOST_INT),
    words: 'requests to a pair that may wait; more are refused',
    default: 64,
  },
  maxBody: { ...LIMIT, ...wholeNumber(1, MOST_INT), value: '<bytes>', words: 'longest request', default: 1_048_576 },
  apiKeys: {
    ...LIMIT,
    ...TEXT,
    value: '<file>',
    words: 'keys that may ask, as JSON; see docs/serving.md',
    file: 'path',
  },
  requestsPerMinute: { ...LIMIT, ...wholeNumber(1, MOST_INT), words: 'of each key (default: no limit)' },
  concurrentRequests: {
    ...LIMIT,
    ...wholeNumber(1, MOST_INT),
    words: 'of each key, at the same time (default: no limit)',
  },
} as const satisfies SettingTable;
