import type { Command } from 'commander';
import type { ConfigFile } from './options/config-file.ts';

/** A command, whose modules are loaded when it is the one that runs. */
export interface CommandEntry {
  /** What it does, in the list of commands and in its own help. */
  readonly summary: string;
  /** @param problem why the config file can't be used; then `config` is empty */
  readonly load: (config: ConfigFile, problem?: Error) => Promise<Command>;
}

/** The commands, in the order of the help. */
export const COMMANDS: Readonly<Record<string, CommandEntry>> = {
  run: {
    summary: 'answer one prompt, streaming',
    load: async (config) => (await import('./commands/run.ts')).runCommand(config),
  },
  chat: {
    summary: 'talk in the terminal, turn by turn; /help lists its commands',
    load: async (config) => (await import('./commands/chat.ts')).chatCommand(config),
  },
  serve: {
    summary: 'answer over HTTP, as the OpenAI API does',
    load: async (config) => (await import('./commands/serve.ts')).serveCommand(config),
  },
  playground: {
    summary: 'try the models in a browser: base, draft and both side by side, token by token',
    load: async (config) => (await import('./commands/serve.ts')).playgroundCommand(config),
  },
  batch: {
    summary: 'answer every line of a JSONL file; started again, it goes on where it was',
    load: async (config) => (await import('./commands/batch.ts')).batchCommand(config),
  },
  evaluate: {
    summary: 'compare strategies on the lines of a JSONL file; started again, it goes on where it was',
    load: async (config) => (await import('./commands/evaluate.ts')).evaluateCommand(config),
  },
  benchmarks: {
    summary: 'list the benchmarks: items, source, licence, what grading takes, whether the data is here',
    load: async () => (await import('./commands/benchmarks.ts')).benchmarksCommand(),
  },
  score: {
    summary: 'grade answers, or add up judgments, that were made elsewhere',
    load: async () => (await import('./commands/score.ts')).scoreCommand(),
  },
  trace: {
    summary: 'show a response token by token: who wrote it, and how sure the base was; as text or as a picture',
    load: async () => (await import('./commands/trace.ts')).traceCommand(),
  },
  verify: {
    summary: 'score responses again, and say whether their traces are true',
    load: async (config) => (await import('./commands/verify.ts')).verifyCommand(config),
  },
  calibrate: {
    summary: 'record full drafts once, and show where each criterion would switch',
    load: async (config) => (await import('./commands/calibrate.ts')).calibrateCommand(config),
  },
  data: {
    summary: 'preference data: import it, make it, check it, mix it for training',
    load: async (config) => (await import('./commands/data.ts')).dataCommand(config),
  },
  reward: {
    summary: 'print how good a reward model finds responses, a number a line',
    load: async (config) => (await import('./commands/reward.ts')).rewardCommand(config),
  },
  train: {
    summary: 'train a draft, or a reward model, by a recipe; started again, it goes on where it was',
    load: async () => (await import('./commands/train.ts')).trainCommand(),
  },
  pull: {
    summary: 'download models into the cache; prints their paths',
    load: async (config) => (await import('./commands/pull.ts')).pullCommand(config.values),
  },
  models: {
    summary: 'list the models that are known or here, and pairs to try',
    load: async () => (await import('./commands/models.ts')).modelsCommand(),
  },
  rm: {
    summary: 'remove models from the cache',
    load: async () => (await import('./commands/rm.ts')).rmCommand(),
  },
  doctor: {
    summary: 'say what this machine can run, and what is missing; or whether two models match',
    load: async (config, problem) => (await import('./commands/doctor.ts')).doctorCommand(config, problem),
  },
};
