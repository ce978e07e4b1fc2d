import { Command, CommanderError } from 'commander';

import { ConfigError } from '../core/errors.ts';
import { COMMANDS, type CommandEntry } from './commands.ts';
import type { ConfigFile } from './options/config-file.ts';
import { configPaths, localConfigPath } from './options/config-paths.ts';
import { NO_CONFIG } from './options/no-config.ts';
import { hasMore, shortHelp } from './short-help.ts';
import { packageVersion } from '../assembly/package-version.ts';

/** Runs the command line; resolves to the process's exit code. */
export async function runProgram(args: readonly string[]): Promise<number> {
  try {
    await (await createProgram(args)).parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return await endWith(error, { debug: args.includes('--debug') });
  }
}

async function endWith(error: unknown, options: { readonly debug: boolean }): Promise<number> {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const { reportError, USAGE_ERROR } = await import('./report-error.ts');
  if (!(error instanceof CommanderError)) return reportError(error, options);
  // The help was shown, for want of a command.
  if (error.code === 'commander.help') return USAGE_ERROR;
  const { usageError } = await import('./usage-error.ts');
  return reportError(usageError(error), options);
}

/**
 * Only the command that is named is loaded; of the others the help says what they do. A config file that can't be used
 * stops the commands that would use it, not the help, nor `doctor`.
 */
async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('wellbegun')
    .description('Weak-to-strong decoding: a small aligned model begins the answer, a large base model finishes it.')
    .version(packageVersion())
    .option('--debug', 'show stack traces and the log of llama.cpp')
    .addHelpText('after', () => HELP);
  const named = args.find((arg) => Object.hasOwn(COMMANDS, arg));
  for (const [name, entry] of Object.entries(COMMANDS)) {
    program.addCommand((name === named ? await load(entry, program) : new Command(name)).description(entry.summary));
  }
  const help = { showGlobalOptions: true, ...(!args.includes(HELP_ALL) && shortHelp()) };
  for (const command of [program, ...program.commands.flatMap((each) => [each, ...each.commands])]) {
    command
      .exitOverride()
      .configureOutput({ outputError: () => undefined })
      .configureHelp(help);
    if (command !== program && hasMore(command) && !args.includes(HELP_ALL)) command.addHelpText('after', MORE);
  }
  const leaves = program.commands.flatMap((each) => (each.commands.length > 0 ? each.commands : [each]));
  leaves.forEach(helpBeforeEnvironment);
  return program;
}

async function load(entry: CommandEntry, program: Command): Promise<Command> {
  assertFolder();
  const [{ config, problem }, checks] = await Promise.all([readConfig(), import('./options/assert-command.ts')]);
  program.hook('preAction', (_, command) => checks.assertCommand(command, problem));
  return entry.load(config, problem);
}

/** Threads of Node.js can't start in a folder that is gone. */
function assertFolder(): void {
  if (localConfigPath() !== undefined) return;
  throw new ConfigError('no-folder', 'The folder that you are in was deleted: change to another one and start again.');
}

async function readConfig(): Promise<{ readonly config: ConfigFile; readonly problem?: ConfigError }> {
  const { readConfigFile } = await import('./options/config-file.ts');
  try {
    return { config: readConfigFile() };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { config: NO_CONFIG, problem: error };
  }
}

/** Commander checks what the environment says of options first, so that a wrong value there would hide the help. */
function helpBeforeEnvironment(command: Command): void {
  const parseOptions = command.parseOptions.bind(command);
  command.parseOptions = (args) => {
    const parsed = parseOptions(args);
    return parsed.unknown.some((arg) => ['--help', '-h', HELP_ALL].includes(arg)) ? command.help() : parsed;
  };
}

const HELP_ALL = '--help-all';
const MORE = `\n${HELP_ALL} shows all options, with their names in the environment.`;

const HELP = `
wellbegun run ${HELP_ALL} shows all that can be set. What is not given there comes from
  1. the environment: WELLBEGUN_GAMMA for --gamma, and so on;
  2. a config file, JSON with the options in camel case, such as
     {"gamma": 0.7, "maxTokens": 256}, which is the first there is of
${configPaths()
  .map((path) => `     ${path}`)
  .join('\n')}
WELLBEGUN_CONFIG names another config file, WELLBEGUN_CACHE another folder for
models; HF_TOKEN opens private models; NO_COLOR turns colours off.

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped by Ctrl-C.

Examples:
  wellbegun run "How do I make a cup of tea?"
  wellbegun run --compare "Why is the sky blue?"
  echo "Name three rivers." | wellbegun run --json
  wellbegun chat --base hf:owner/repo/file.gguf`;
