import { join } from 'node:path';
import { z } from 'zod';
import { identifyModels } from '../../../assembly/identify-models.ts';
import type { ModelSettings } from '../../../assembly/model-settings.ts';
import type { Benchmark } from '../../../benchmarks/benchmark.ts';
import type { ChoiceGrade } from '../../../benchmarks/graders/choice-likelihoods.ts';
import { lineParser } from '../../../recording/line-parser.ts';
import type { RecordingWords } from '../../../recording/lock-recording.ts';
import { openRecording } from '../../../recording/open-recording.ts';

/** How the base chooses between the answers of an item, without writing any. */
const choiceLine = z.object({
  item: z.string(),
  mc1: z.number(),
  mc2: z.number(),
  likelihoods: z
    .object({ best: z.number(), correct: z.array(z.number()), incorrect: z.array(z.number()) })
    .describe('Natural logarithms, of whole answers.'),
});

export type ChoiceLine = z.infer<typeof choiceLine>;

/** The base's choices for a benchmark, which are the same for all strategies. */
export interface ChoiceRecording extends AsyncDisposable {
  /** The base, as it was named. */
  readonly by: string;
  /** By the item's id. */
  readonly known: ReadonlyMap<string, Pick<ChoiceLine, keyof ChoiceGrade>>;
  /** Resolves once it is on the disk. */
  append(line: ChoiceLine): Promise<void>;
}

/** @throws ConfigError for choices of another base, a file with other content, or one that is being written */
export async function openChoices(
  folder: string,
  { name, version }: Benchmark,
  models: ModelSettings,
  words: RecordingWords,
): Promise<ChoiceRecording> {
  const { base } = await identifyModels(models, 'base');
  const known = new Map<string, ChoiceLine>();
  const recording = await openRecording<ChoiceLine, string>(join(folder, 'choices.jsonl'), {
    ...words,
    fingerprint: { benchmark: `${name} ${version}`, base },
    parse: lineParser(choiceLine),
    idOf: ({ item }) => item,
    onItem: (line) => void known.set(line.item, line),
  });
  return {
    ...{ by: base!.named, known },
    append: (line) => recording.append(line),
    [Symbol.asyncDispose]: () => recording.close(),
  };
}
