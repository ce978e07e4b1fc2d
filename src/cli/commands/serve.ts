import { Command } from 'commander';
import { chosenCriterion } from '../options/chosen-criterion.ts';
import { chosenStrategy } from '../options/chosen-strategy.ts';
import type { ConfigFile } from '../options/config-file.ts';
import { type ServeValues, serveOptions } from '../options/serve-options.ts';
import { decodingOptions, modelOptions } from '../options/shared-options.ts';

export function serveCommand(config: ConfigFile): Command {
  const command = new Command('serve').addHelpText('after', HELP);
  for (const option of [...serveOptions(config), ...modelOptions(config), ...decodingOptions(config)])
    command.addOption(option);
  return command.action(async (_, self: Command) => {
    // The server's packages are for this command only: the others start without them.
    const { runGateway } = await import('./run-gateway.ts');
    await runGateway(
      {
        ...self.optsWithGlobals<ServeValues>(),
        ...(await chosenStrategy(self, config)),
        ...(await chosenCriterion(self, config)),
      },
      config,
    );
  });
}

const HELP = `
What is said of models and decoding holds for requests that leave it out. Several pairs are named in the config file:
  {"pairs": {"small": {"gamma": 0.7}, "large": {"base": "./large.gguf", "draft": "./small.gguf"}}}
Keys may also come from the environment variable WELLBEGUN_API_KEY_LIST, separated by commas.

  curl http://127.0.0.1:8000/v1/chat/completions -d '{"model": "default", "stream": true,
    "messages": [{"role": "user", "content": "Why is the sky blue?"}]}'`;
