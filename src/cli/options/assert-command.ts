import type { Command } from 'commander';
import { assertFilesNamed } from './assert-files-named.ts';
import { assertForServer } from './assert-for-server.ts';
import { assertForStrategy } from './assert-for-strategy.ts';

/** What must hold of a command's options together, before it runs. @throws ConfigError */
export function assertCommand(command: Command, configProblem: Error | undefined): void {
  if (configProblem && !['doctor', 'models'].includes(command.name())) throw configProblem;
  assertFilesNamed(command);
  // Its pairs are named in the config file.
  if (command.name() === 'serve') return;
  assertForServer(command);
  assertForStrategy(command);
}
