import { Command } from 'commander';
import { chosenCriterion } from '../options/chosen-criterion.ts';
import { chosenStrategy } from '../options/chosen-strategy.ts';
import type { ConfigFile } from '../options/config-file.ts';
import { type ServeValues, serveOptions } from '../options/serve-options.ts';
import { decodingOptions, modelOptions } from '../options/shared-options.ts';

export function serveCommand(config: ConfigFile): Command {
  return gatewayCommand('serve', config).addHelpText('after', HELP);
}

/** A gateway, for one who sits before it: with the page for browsers. */
export function playgroundCommand(config: ConfigFile): Command {
  return gatewayCommand('playground', config, { playground: 'on' });
}

/** @param fixed values that this command does not ask for */
function gatewayCommand(name: string, config: ConfigFile, fixed: Partial<ServeValues> = {}): Command {
  const command = new Command(name);
  for (const option of [
    ...serveOptions(config).filter((option) => !Object.hasOwn(fixed, option.attributeName())),
    ...modelOptions(config),
    ...decodingOptions(config),
  ])
    command.addOption(option);
  return command.action(async (_, self: Command) => {
    // The server's packages are for this command only: the others start without them.
    const { runGateway } = await import('./run-gateway.ts');
    await runGateway(
      {
        ...self.optsWithGlobals<ServeValues>(),
        ...fixed,
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
