import { Command } from 'commander';
import type { ConfigFile } from '../options/config-file.ts';
import { chosenCriterion } from '../options/chosen-criterion.ts';
import { chosenStrategy } from '../options/chosen-strategy.ts';
import { decodingOptions, modelOptions } from '../options/shared-options.ts';
import { checkedValues } from './run-values.ts';

export function runCommand(config: ConfigFile): Command {
  const command = new Command('run')
    .argument('[prompt...]', 'what to answer; without it, or as "-", it is read from stdin')
    .option('--messages <file>', 'a conversation to answer, as JSON: [{"role", "content"}, …]')
    .option('--json', 'print one JSON object instead (schemas/run-result.schema.json; with --compare, compare-result)')
    .option('--trace <file>', 'write the same object to a file')
    .option('--compare', 'answer with the base alone, the draft alone, and both together')
    .option('--show-confidence', 'after the response, show the probability of each token as a bar');
  for (const option of [...modelOptions(config), ...decodingOptions(config, { onLoop: 'stop' })])
    command.addOption(option);
  return command.action(async (words: string[], _, self: Command) => {
    const { answerPrompt } = await import('./answer-prompt.ts');
    await answerPrompt(words, {
      ...checkedValues(self),
      ...(await chosenStrategy(self, config)),
      ...(await chosenCriterion(self, config)),
    });
  });
}
