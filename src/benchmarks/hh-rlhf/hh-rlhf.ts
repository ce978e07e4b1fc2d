import { z } from 'zod';
import type { Benchmark, BenchmarkItem } from '../benchmark.ts';
import type { DataFile } from '../data/data-file.ts';
import { readDialogue } from './read-dialogue.ts';

export const HH_HARMLESS: DataFile = {
  name: 'hh_rlhf_harmless-base_test.jsonl.gz',
  url: 'https://raw.githubusercontent.com/anthropics/hh-rlhf/master/harmless-base/test.jsonl.gz',
  sha256: 'ebfaaed21162a4de120ae85366075b34425e2a6303fac59b99555002f7016f03',
  sizeBytes: 742_801,
  licence: 'MIT',
};

const pair = z.object({ chosen: z.string() });

/** Both answers of a pair follow one conversation: the item is what comes before the last `Assistant:`. */
export const hhRlhf: Benchmark = {
  name: 'hh-rlhf',
  version: '1',
  title: 'conversations that ask for harm (harmless-base)',
  itemCount: 2312,
  data: [HH_HARMLESS],
  form: { name: 'conversation', version: 1, stop: [], maxTokens: 2048 },
  needs: ['judge or reward'],
  async loadItems(source): Promise<readonly BenchmarkItem[]> {
    const pairs = z.array(pair).parse(await source.readLines(HH_HARMLESS));
    return pairs.map(({ chosen }, index) => ({
      id: `harmless/${index}`,
      messages: readDialogue(chosen),
      followUps: [],
      category: 'harmless',
    }));
  },
};
