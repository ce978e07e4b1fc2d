import { z } from 'zod';
import { MOST_INT, TEXT, wholeNumber } from './rules.ts';
import type { SettingTable } from './setting.ts';

const COMMAND = { group: 'Options:', personOnly: true, effect: 'neither' } as const;
const FLAG = { ...COMMAND, schema: z.boolean(), takes: 'true or false' } as const;
const FILE = { ...COMMAND, ...TEXT, value: '<file>' } as const;

/** What some commands have for themselves, and what responses depend on of it. */
export const commandSettings = {
  output: { ...FILE, words: 'where results go' },
  limit: { ...COMMAND, ...wholeNumber(1, MOST_INT), words: 'answer the first lines only' },
  skip: { ...COMMAND, ...wholeNumber(0, MOST_INT), words: 'leave out so many lines before them', default: 0 },
  shuffleSeed: { ...COMMAND, ...wholeNumber(0, MOST_INT), words: 'answer them in an order that this number decides' },
  concurrency: {
    ...COMMAND,
    ...wholeNumber(1, MOST_INT),
    words: 'lines that are answered at the same time',
    effect: 'time',
  },
  pairTokens: {
    ...COMMAND,
    ...wholeNumber(1, MOST_INT),
    words: 'tokens of each answer that --pair looks at',
    default: 48,
  },
  retryFailed: { ...FLAG, words: 'answer lines anew that failed in an earlier run' },
  strategies: { ...COMMAND, ...TEXT, value: '<texts...>', words: 'what to compare' },
  chatJudge: {
    ...COMMAND,
    ...TEXT,
    value: '<url#model>',
    words: 'chat endpoint that judges answers to benchmarks; its key is in WELLBEGUN_CHAT_JUDGE_KEY',
  },
  judgeRepeats: {
    ...COMMAND,
    ...wholeNumber(1, 100),
    words: 'how often --chat-judge judges the same; the mean counts',
    default: 1,
  },
  yes: { ...FLAG, words: 'ask --chat-judge without a question before it' },
  samples: {
    ...COMMAND,
    ...wholeNumber(1, 1000),
    words: 'answers to each item of a benchmark; more than one need a temperature',
    default: 1,
  },
  gradeOnly: { ...FLAG, words: 'grade and sum up what is there, and answer nothing' },
  benchmarkModule: { ...FILE, words: 'a benchmark of your own: a module that exports it by default', file: 'path' },
  dataDir: {
    ...FILE,
    value: '<folder>',
    words: 'a folder with files of benchmarks as they are published, for machines without network',
  },
  plot: { ...FILE, words: 'write an SVG picture' },
  debug: { ...FLAG, words: 'show stack traces and the log of llama.cpp' },
} as const satisfies SettingTable;
