import { Command } from 'commander';
import { catalogue } from '../../models/catalogue.ts';
import { formatBytes } from '../../models/format-bytes.ts';
import { type ListedModel, listModels } from '../../models/list-models.ts';
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
  for (const { reference, entry, path, sizeBytes, lastRead } of models) {
    const where = path ?? `not here yet: wellbegun pull ${reference}`;
    terminal.write(`${terminal.colours.bold(reference)}  ${formatBytes(sizeBytes)}  ${entry?.role ?? ''}\n`);
    if (entry) terminal.write(`  ${entry.title} (${entry.licence.name}, ${entry.licence.url})\n`);
    const read = lastRead === undefined ? '' : ` (last read ${lastRead.toISOString().slice(0, 10)})`;
    terminal.write(`  ${where}${read}\n`);
  }
  showSize(terminal, models);
  showPairs(terminal);
}

/** How much room the cache takes, and how to get it back. */
function showSize(terminal: Terminal, models: readonly ListedModel[]): void {
  const here = models.filter(({ path }) => path !== undefined);
  if (here.length === 0) return;
  const bytes = here.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  terminal.write(`\n${here.length} here, ${formatBytes(bytes)}; "wellbegun rm MODEL" removes one.\n`);
}

function showPairs(terminal: Terminal): void {
  terminal.write('\nPairs for larger machines (docs/pairs.md has memory and speed):\n');
  for (const { machine, base, baseFile, draft, draftFile, runHere } of catalogue.recommendedPairs) {
    terminal.write(`  ${machine}: ${base} + ${draft}${runHere ? '' : ' (not run by us yet)'}\n`);
    terminal.write(`    --base ${baseFile}\n    --draft ${draftFile}\n`);
  }
}
