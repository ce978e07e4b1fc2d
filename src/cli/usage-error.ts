import type { CommanderError } from 'commander';
import { ConfigError } from '../core/errors.ts';

/** What commander says of a wrong command line, in one sentence and with a way out. */
export function usageError(error: CommanderError): ConfigError {
  return new ConfigError(error.code, rephrase(error.message), { cause: error });
}

function rephrase(message: string): string {
  const said = message.replace(/^error: /, '').replace(/\n\(Did you mean (.*)\?\)$/, ' (did you mean $1?)');
  // The reasons that `shared-options.ts` gives name their option; a variable has to be named besides.
  const [, variable, reason] =
    /^option '.*?' (?:argument|value) .*?(?: from env '(\w+)')? is invalid\. (.*)$/s.exec(said) ?? [];
  if (reason !== undefined) return variable === undefined ? reason : `${variable}: ${reason}`;
  return `${said.replace(/\.$/, '')}: --help shows what can be given.`;
}
