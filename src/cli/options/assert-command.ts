import type { Command } from 'commander';
import { settleFileNames } from './settle-file-names.ts';
import { assertForServer } from './assert-for-server.ts';
import { assertForStrategy } from './assert-for-strategy.ts';

const WITHOUT_CONFIG = ['doctor', 'models', 'benchmarks', 'score', 'data'];

/** What must hold of a command's options together, before it runs. @throws ConfigError */
export function assertCommand(command: Command, configProblem: Error | undefined): void {
  const name = command.parent?.parent ? command.parent.name() : command.name();
  if (configProblem && !WITHOUT_CONFIG.includes(name)) throw configProblem;
  settleFileNames(command);
  // Its pairs are named in the config file.
  if (command.name() === 'serve') return;
  assertForServer(command);
  assertForStrategy(command);
}
