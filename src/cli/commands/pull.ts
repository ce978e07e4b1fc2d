import { Command } from 'commander';
import { catalogue } from '../../models/catalogue.ts';
import { parseModelReference } from '../../models/model-reference.ts';
import { pullModel } from '../../models/pull-model.ts';
import { Interrupt } from '../interrupt.ts';
import type { PairConfig } from '../options/config-file.ts';
import { loadProgress } from '../output/load-progress.ts';
import { openTerminal } from '../output/terminal.ts';

export function pullCommand(config: PairConfig): Command {
  const { WELLBEGUN_BASE, WELLBEGUN_DRAFT } = process.env;
  const base = WELLBEGUN_BASE ?? String(config['base'] ?? catalogue.defaultPair.base);
  const draft = WELLBEGUN_DRAFT ?? String(config['draft'] ?? catalogue.defaultPair.draft);
  return new Command('pull')
    .argument('[model...]', `catalogue names or hf:owner/repo/file.gguf (default: ${base} ${draft})`)
    .addHelpText('after', HELP)
    .action((models: string[]) => pull(models.length > 0 ? models : [base, draft]));
}

const HELP = `
Environment:
  WELLBEGUN_BASE, WELLBEGUN_DRAFT  the models that are pulled where none is named
  WELLBEGUN_CACHE                  where models are kept
  HF_TOKEN                         opens private repositories; else the token that the hub's own tools keep
                                   (HF_TOKEN_PATH, HF_HOME)
  HF_ENDPOINT                      a mirror of the hub
  WELLBEGUN_PIP                    the pip that is used where the hub can't be reached`;

async function pull(models: readonly string[]): Promise<void> {
  // A slip in the last name is told before the first download.
  for (const model of models) parseModelReference(model);
  const terminal = openTerminal();
  using interrupt = new Interrupt();
  const progress = loadProgress(terminal).pull;
  for (const model of models) {
    const path = await pullModel(model, { progress, signal: interrupt.signal });
    terminal.write(`${path}\n`);
  }
}
