import { Command } from 'commander';
import { catalogue } from '../../models/catalogue.ts';
import { formatBytes } from '../../models/format-bytes.ts';
import { listModels } from '../../models/list-models.ts';
import { openTerminal, type Terminal } from '../output/terminal.ts';

export function modelsCommand(): Command {
  return new Command('models').option('--json', 'as JSON').action((values: { json?: boolean }) => show(values));
}

async function show({ json }: { json?: boolean }): Promise<void> {
  const terminal = openTerminal();
  const models = await listModels();
  if (json) {
    terminal.write(`${JSON.stringify({ models, recommendedPairs: catalogue.recommendedPairs })}\n`);
    return;
  }
  for (const { reference, entry, path, sizeBytes } of models) {
    const where = path ?? `not here yet: wellbegun pull ${reference}`;
    terminal.write(`${terminal.colours.bold(reference)}  ${formatBytes(sizeBytes)}  ${entry?.role ?? ''}\n`);
    if (entry) terminal.write(`  ${entry.title} (${entry.licence.name}, ${entry.licence.url})\n`);
    terminal.write(`  ${where}\n`);
  }
  showPairs(terminal);
}

function showPairs(terminal: Terminal): void {
  terminal.write('\nPairs for larger machines (hub ids; choose a GGUF of each, see docs/pairs.md):\n');
  for (const { machine, base, draft, runHere } of catalogue.recommendedPairs) {
    terminal.write(`  ${machine}: ${base} + ${draft}${runHere ? '' : ' (not run by us yet)'}\n`);
  }
}
