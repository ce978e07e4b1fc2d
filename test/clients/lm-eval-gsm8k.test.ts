// lm-eval asks the served pair what `wellbegun evaluate` asks it in the process: both find the same.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { promisify } from 'node:util';
import { z } from 'zod';
import { evaluationReport } from '../../src/studies/evaluate/evaluation-report.ts';
import { NO_SHARED_DATA, SHARED_DATA } from '../fixtures/shared-data.ts';
import { servedAt } from './start-gateway.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const QUESTIONS = 20;
const AT_ONCE = 4;
/** As lm-eval's task has it. */
const MOST_TOKENS = 256;
const MODELS = ['--reproducible', 'on', '--context', '2048'];

const run = promisify(execFile);
const found = z.object({ strict: z.number(), flexible: z.number(), responses: z.array(z.string()) });
const answer = z.object({ line: z.int(), text: z.string() });

suite('gsm8k by lm-eval', { skip: NO_SHARED_DATA, timeout: 900_000 }, () => {
  let folder: string;
  let url: string;
  let stop: () => Promise<void>;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wellbegun-gsm8k-'));
    // In a folder without a config file, and in the user's cache of models.
    const args = [join(ROOT, 'src/cli/main.ts'), 'serve', '--port', '0', '--parallel', String(AT_ONCE), ...MODELS];
    const gateway = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = once(gateway, 'exit');
    url = await servedAt(gateway.stderr);
    stop = async () => {
      gateway.kill('SIGTERM');
      await ended;
    };
    await run(
      process.execPath,
      [
        ...[join(ROOT, 'src/cli/main.ts'), 'evaluate', 'gsm8k', '--limit', String(QUESTIONS), '-o', 'out'],
        ...['--strategies', 'base', 'draft', '--max-response-tokens', String(MOST_TOKENS)],
        ...['--concurrency', String(AT_ONCE), '--data-dir', SHARED_DATA, ...MODELS],
      ],
      { cwd: folder, env: { ...process.env, HOME: homedir() } },
    );
  });
  after(async () => {
    await stop();
    await rm(folder, { recursive: true });
  });

  async function byLmEval(kind: string, modelArgs: object) {
    const files = {
      train: join(SHARED_DATA, 'gsm8k_train_first200.jsonl'),
      test: join(SHARED_DATA, 'gsm8k_test.jsonl'),
    };
    const script = ['gsm8k.py', kind, JSON.stringify(modelArgs), JSON.stringify(files), String(QUESTIONS)];
    const { stdout } = await run('uv', ['run', '--quiet', '--locked', 'python', ...script], {
      cwd: join(import.meta.dirname, 'python'),
      maxBuffer: 2 ** 26,
    });
    return found.parse(JSON.parse(stdout));
  }

  /** What `evaluate` found of a strategy, in the form that lm-eval has. */
  async function byEvaluate(strategy: string) {
    const { tasks } = evaluationReport.parse(JSON.parse(await readFile(join(folder, 'out/report.json'), 'utf8')));
    const { measures } = tasks[0]!.strategies.find((one) => one.strategy === strategy)!;
    const value = (name: string) => measures.find((measure) => measure.name === name)!.value!;
    const lines = (await readFile(join(folder, `out/gsm8k/${strategy}.jsonl`), 'utf8')).trim().split('\n');
    const answers = lines.map((line) => answer.parse(JSON.parse(line))).toSorted((a, b) => a.line - b.line);
    return { strict: value('strict'), flexible: value('flexible'), responses: answers.map(({ text }) => text) };
  }

  test('local-completions: the base continues the few-shot prompt', async () => {
    const model = { model: 'default:base+bos', base_url: `${url}/completions`, tokenizer_backend: 'remote' };
    const official = await byLmEval('local-completions', { ...model, num_concurrent: AT_ONCE, max_length: 2048 });
    assert.deepEqual(official, await byEvaluate('base'));
  });

  test('local-chat-completions: the draft answers it as a message', async () => {
    const model = { model: 'default:draft', base_url: `${url}/chat/completions`, num_concurrent: AT_ONCE };
    assert.deepEqual(await byLmEval('local-chat-completions', model), await byEvaluate('draft'));
  });
});
