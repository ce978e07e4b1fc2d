import { Command } from 'commander';
import { checkOptions } from '../../runtime/check-options.ts';
import { openServedPairs } from '../../runtime/serving/open-served-pairs.ts';
import { createGateway, DEFAULT_LIMITS, serveGateway } from '../../server/index.ts';
import { Interrupt } from '../interrupt.ts';
import { chosenCriterion } from '../options/chosen-criterion.ts';
import type { ConfigFile } from '../options/config-file.ts';
import { type ServeValues, serveOptions } from '../options/serve-options.ts';
import { decodingOptions, modelOptions } from '../options/shared-options.ts';
import { openTerminal } from '../output/terminal.ts';
import { packageVersion } from '../package-version.ts';
import { modelSettings } from './command-values.ts';
import { decodeOptions } from './run.ts';

export function serveCommand(config: ConfigFile): Command {
  const command = new Command('serve').description('answer over HTTP, as the OpenAI API does');
  for (const option of [...serveOptions(), ...modelOptions(config), ...decodingOptions(config)])
    command.addOption(option);
  return command.action(async (_, self: Command) =>
    serve({ ...self.optsWithGlobals<ServeValues>(), ...(await chosenCriterion(self, config)) }),
  );
}

async function serve(values: ServeValues): Promise<void> {
  const terminal = openTerminal();
  using interrupt = new Interrupt();
  const { pino } = await import('pino');
  const log = pino({ name: 'wellbegun' }, pino.destination({ dest: 2, sync: false }));
  const decode = decodeOptions(values);
  checkOptions({ ...decode, prompt: 'any' });
  const settings = { ...(await modelSettings(values, terminal, interrupt.signal)), parallel: values.parallel };
  const pairs = await openServedPairs([{ name: 'default', models: settings, decode }]);
  try {
    const gateway = createGateway({
      models: pairs.models,
      limits: { ...DEFAULT_LIMITS, parallel: values.parallel },
      log,
      version: packageVersion(),
    });
    const listening = await serveGateway(gateway, values);
    terminal.notice(`Serving ${pairs.models.map(({ id }) => id).join(', ')} at ${listening.url}/v1`);
    await new Promise((resolve) => interrupt.signal.addEventListener('abort', resolve, { once: true }));
    terminal.notice('Shutting down: requests under way may end …');
    await listening.close();
  } finally {
    await pairs.close();
  }
}
