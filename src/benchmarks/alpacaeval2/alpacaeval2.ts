import { z } from 'zod';
import type { Benchmark, BenchmarkItem } from '../benchmark.ts';
import type { DataFile } from '../data/data-file.ts';

export interface AlpacaItem extends BenchmarkItem {
  /** What the baseline, gpt4_1106_preview, answered. */
  readonly baselineOutput: string;
}

const PLACE = 'https://huggingface.co/datasets/tatsu-lab/alpaca_eval/resolve/2edc6fad8be6b14ea7230aabfd08188da6b8b814';

export const ALPACA_BASELINE: DataFile = {
  name: 'alpaca_eval2_baseline_gpt4_1106_preview.json',
  url: `${PLACE}/alpaca_eval_gpt4_baseline.json`,
  sha256: '83db546b872ddebee8965fd05fa48461ee3c32bc695c62fb57f2d214ff741ec4',
  sizeBytes: 1_899_765,
  licence: 'CC BY-NC 4.0',
};

/** Gamed baselines and difficulties, for the length-controlled win rate. */
export const ALPACA_GAMED: DataFile = {
  name: 'df_gamed.csv',
  url: `${PLACE}/df_gamed.csv`,
  sha256: '97aeec3f1c7de6dee6fd31fe66f1702623f4614c3efe1c6fc5f4927cd5fd674d',
  // Its size is not known here: its hash is enough.
  sizeBytes: undefined,
  licence: 'CC BY-NC 4.0',
};

const output = z.object({ instruction: z.string(), output: z.string(), dataset: z.string().optional() });

export const alpacaEval2: Benchmark<AlpacaItem> = {
  name: 'alpacaeval2',
  version: '1',
  title: 'instructions, compared with the answers of gpt4_1106_preview',
  itemCount: 805,
  data: [ALPACA_BASELINE, ALPACA_GAMED],
  form: { name: 'instruction', version: 1, stop: [], maxTokens: 2048 },
  needs: ['judge'],
  async loadItems(source) {
    const outputs = z.array(output).parse(JSON.parse(await source.readText(ALPACA_BASELINE)));
    return outputs.map(({ instruction, output: baselineOutput, dataset }, index) => ({
      id: `alpacaeval2/${index}`,
      messages: [{ role: 'user', content: instruction }],
      followUps: [],
      ...(dataset !== undefined && { category: dataset }),
      baselineOutput,
    }));
  },
};
