/** Writes the JSON Schemas of the stable contracts; with --check, says whether the files are up to date. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { z } from 'zod';
import {
  batchResult,
  compareResult,
  evaluationReport,
  gradeLine,
  preferencePair,
  rewardLine,
  runResult,
} from '../src/index.ts';

const SCHEMAS = {
  'run-result': { title: 'What `wellbegun run --json` prints', schema: runResult },
  'compare-result': { title: 'What `wellbegun run --compare --json` prints', schema: compareResult },
  'batch-result': { title: 'A line of the output of `wellbegun batch`', schema: batchResult },
  'evaluation-report': { title: 'What `wellbegun evaluate` writes as report.json', schema: evaluationReport },
  'evaluation-grade': { title: 'A line of the grades of `wellbegun evaluate`', schema: gradeLine },
  'preference-pair': { title: 'A line of preference data, as `wellbegun data` writes it', schema: preferencePair },
  'evaluation-reward': { title: 'A line of the rewards of `wellbegun evaluate`', schema: rewardLine },
};

mkdirSync('schemas', { recursive: true });
for (const [name, { title, schema }] of Object.entries(SCHEMAS)) {
  const file = `schemas/${name}.schema.json`;
  const text = await format(JSON.stringify({ title, ...z.toJSONSchema(schema) }), { parser: 'json', printWidth: 120 });
  if (!process.argv.includes('--check')) writeFileSync(file, text);
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${file} is out of date: run npm run build:schemas.`);
    process.exitCode = 1;
  }
}
