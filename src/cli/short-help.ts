import { type Command, Help, type HelpConfiguration, Option } from 'commander';

/** What a first look needs of the settings that many commands share; a command's own options are always shown. */
const FIRST = new Set([
  'base',
  'draft',
  'reward',
  'strategy',
  'gamma',
  'criterion',
  'maxTokens',
  'temperature',
  'seed',
  'system',
]);
const SHARED = new Set(['Models:', 'Decoding:', 'Sampling:', 'Limits:']);

/** The help with the options that matter first, each in a line or two. */
export function shortHelp(): HelpConfiguration {
  const help = new Help();
  return {
    visibleOptions: (command) => help.visibleOptions(command).filter(isFirst),
    optionDescription: (option) => help.optionDescription(inShort(option)),
  };
}

export function hasMore(command: Command): boolean {
  return !command.options.every(isFirst);
}

function isFirst(option: Option): boolean {
  return !SHARED.has(option.helpGroupHeading ?? '') || FIRST.has(option.attributeName());
}

/** Without its name in the environment, and of a list only what it is of. */
function inShort({ flags, description, defaultValue, defaultValueDescription, argChoices }: Option): Option {
  const short = new Option(flags, description.split(':\n')[0]).default(defaultValue, defaultValueDescription);
  return argChoices === undefined ? short : short.choices(argChoices);
}
