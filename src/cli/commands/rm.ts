import { Command } from 'commander';
import { formatBytes } from '../../models/format-bytes.ts';
import { parseModelReference } from '../../models/model-reference.ts';
import { removeModel } from '../../models/remove-model.ts';
import { Interrupt } from '../interrupt.ts';
import { openTerminal } from '../output/terminal.ts';

export function rmCommand(): Command {
  return new Command('rm')
    .argument('<model...>', 'catalogue names or hf:owner/repo/file.gguf, as "wellbegun models" lists them')
    .action((models: string[]) => remove(models));
}

async function remove(models: readonly string[]): Promise<void> {
  // A slip in the last name is told before the first is removed.
  for (const model of models) parseModelReference(model);
  const terminal = openTerminal();
  using interrupt = new Interrupt();
  for (const model of models) {
    const removed = await removeModel(model, { signal: interrupt.signal });
    terminal.notice(
      removed ? `Removed ${model} (${formatBytes(removed.sizeBytes)}), ${removed.path}` : `${model} is not here.`,
    );
  }
}
