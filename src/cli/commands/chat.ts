import { Command } from 'commander';
import type { ConfigFile } from '../options/config-file.ts';
import { chosenCriterion } from '../options/chosen-criterion.ts';
import { chosenStrategy } from '../options/chosen-strategy.ts';
import { decodingOptions, modelOptions } from '../options/shared-options.ts';
import type { ChatValues } from './hold-chat.ts';

export function chatCommand(config: ConfigFile): Command {
  const command = new Command('chat');
  for (const option of [...modelOptions(config), ...decodingOptions(config, { onLoop: 'stop' })])
    command.addOption(option);
  return command.action(async (_, self: Command) => {
    const { holdChat } = await import('./hold-chat.ts');
    await holdChat({
      ...self.optsWithGlobals<ChatValues>(),
      ...(await chosenStrategy(self, config)),
      ...(await chosenCriterion(self, config)),
    });
  });
}
