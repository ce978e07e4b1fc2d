import { openJudge } from '../../src/judges/open-judge.ts';

/** Asks for verdicts on subjects 1 to `count` and says how many it has; run by kill.test.ts. */
const [url = '', store = '', count = '0'] = process.argv.slice(2);
const judge = await openJudge({
  reference: { engine: 'chat', address: { url, model: 'judge' } },
  store,
  concurrency: 4,
});
const subjects = Array.from({ length: Number(count) }, (_, index) => index + 1);
const judgments = await Promise.all(
  subjects.map((subject) =>
    judge.ask({
      messages: [{ role: 'user', content: `Rate ${subject}.` }],
      maxTokens: 8,
      parse: ({ text }) => (/^\[\d+\]$/.test(text) ? Number(text.slice(1, -1)) : undefined),
      reminder: 'In brackets, please.',
    }),
  ),
);
process.stdout.write(JSON.stringify(judgments.map(({ verdict }) => verdict)));
await judge.close();
