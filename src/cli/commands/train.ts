import { join } from 'node:path';
import { Command } from 'commander';
import { WellbegunError } from '../../core/errors.ts';
import { writeTextFile } from '../../storage/write-json-file.ts';
import { readRecipe } from '../../training/recipe.ts';
import { train } from '../../training/train.ts';
import { Interrupt } from '../interrupt.ts';
import { barProgress } from '../output/bar-progress.ts';
import { openTerminal } from '../output/terminal.ts';
import { trainingPlot } from '../output/training-plot.ts';
import { trainingProgress } from '../output/training-progress.ts';

interface TrainValues {
  readonly model?: string;
  readonly data?: string;
  readonly output?: string;
}

export function trainCommand(): Command {
  return new Command('train')
    .argument('<recipe>', 'a YAML file: what is trained, on what, and how (see docs/training.md)')
    .option('--model <model>', "in place of the recipe's")
    .option('--data <file>', "in place of the recipe's")
    .option('--output <folder>', "in place of the recipe's")
    .action((path: string, { model, data, output }: TrainValues) =>
      run(path, { ...(model && { model }), ...(data && { data }), ...(output && { output }) }),
    );
}

async function run(path: string, changes: TrainValues): Promise<void> {
  const terminal = openTerminal();
  const recipe = await readRecipe(path, { ...changes });
  using interrupt = new Interrupt();
  using progress = trainingProgress(terminal);
  const options = {
    signal: interrupt.signal,
    progress: barProgress(terminal),
    onPrepare: (pairs: number) =>
      terminal.notice(`${pairs} pairs are in order. Setting up Python (some minutes the first time) …`),
  };
  let trained: string | undefined;
  for await (const event of train(recipe, options)) {
    progress.show(event);
    if (event.event === 'end') trained = event.path;
    if (event.event === 'saved' || event.event === 'end') await writeCurves(recipe.output, progress.history);
  }
  if (trained === undefined) throw new WellbegunError('training-failed', 'Training ended without a result.');
  terminal.write(`${trained}\n`);
}

type History = ReturnType<typeof trainingProgress>['history'];

async function writeCurves(output: string, history: History): Promise<void> {
  const lines = history.map((step) => `${JSON.stringify(step)}\n`).join('');
  await writeTextFile(join(output, 'steps.jsonl'), lines, 'output');
  await writeTextFile(join(output, 'curves.svg'), trainingPlot(history), 'output');
}
