import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import type { ServerProcess } from '../../scripts/start-server.ts';
import { EngineError } from '../../src/core/errors.ts';
import type { ChatMessage } from '../../src/core/prompt-format.ts';
import type { RewardModel } from '../../src/core/reward-model.ts';
import { catalogue } from '../../src/models/catalogue.ts';
import { pullModel } from '../../src/models/pull-model.ts';
import { loadModels } from '../../src/assembly/load-pair.ts';
import type { PythonEnvironment } from './python-environment.ts';

export interface ServedReward {
  readonly engine: string;
  readonly environment: PythonEnvironment;
  /** Serves the reward model of a folder, with a context of 1024 tokens. */
  readonly start: (folder: string) => Promise<ServerProcess>;
  /** As after --reward. */
  readonly reference: (url: string, folder: string) => string;
}

const QUESTION: readonly ChatMessage[] = [{ role: 'user', content: 'How do I keep bread fresh?' }];
const RESPONSES = ['In a paper bag.', 'In the freezer, cut in slices – 🍞.', 'Why should I care?'];

/** A reward model on a server, beside what transformers says of the same one. */
export function describeServedReward({ engine, environment, start, reference }: ServedReward): void {
  let folder: string;
  let server: ServerProcess | undefined;
  let reward: RewardModel | undefined;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wellbegun-reward-'));
    const conversations = RESPONSES.map((content) => [...QUESTION, { role: 'assistant', content }]);
    const draft = await pullModel(catalogue.defaultPair.draft);
    await environment.install();
    await environment.run('make-reward-folder.py', [draft, folder], JSON.stringify(conversations));
    server = await start(folder);
    const models = await loadModels({ reward: reference(server.url, folder) }, ['reward']);
    reward = models.reward;
  });

  after(async () => {
    await reward?.close();
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  void suite(`rewards of a real ${engine}`, () => {
    void test("they are the model's own numbers", async () => {
      const expected = JSON.parse(readFileSync(join(folder, 'rewards.json'), 'utf8')) as number[];
      const together = await reward!.rewards?.(QUESTION, RESPONSES);
      for (const [i, response] of RESPONSES.entries()) {
        for (const given of [await reward!.reward(QUESTION, response), together?.[i] ?? expected[i]!]) {
          assert.ok(Math.abs(given - expected[i]!) < 1e-3, `${given} for ${expected[i]}: ${response}`);
        }
      }
      assert.equal(new Set(expected.map((each) => each.toFixed(2))).size, RESPONSES.length);
    });

    void test('a conversation that is too long is refused with a sentence', async () => {
      await assert.rejects(
        reward!.reward(QUESTION, 'bread '.repeat(5000)),
        (error) => error instanceof EngineError && error.status === 400 && /1024/.test(error.message),
      );
    });
  });
}
