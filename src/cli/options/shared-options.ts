import { InvalidArgumentError, Option } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import { catalogue } from '../../models/catalogue.ts';
import { type CheckedOption, checkOption } from '../../assembly/check-options.ts';
import { MOST_THREADS } from '../../assembly/check-settings.ts';
import { MOST_INT } from '../../assembly/check-value.ts';
import { parseCriterion } from '../../assembly/notation/criteria/parse-criterion.ts';
import { parseStrategy, strategySignature } from '../../assembly/notation/strategies/parse-strategy.ts';
import { STRATEGY_KINDS, type StrategyKind } from '../../assembly/notation/strategies/strategy-kinds.ts';
import type { ConfigFile } from './config-file.ts';
import { wrongArgument } from './wrong-argument.ts';

/** Options that name models and say how they are loaded. */
export function modelOptions(config: ConfigFile): Option[] {
  const { base, draft } = catalogue.defaultPair;
  return withDefaults('Models:', config, [
    new Option(
      '--base <model>',
      'base model: a catalogue name, a .gguf file, hf:owner/repo/file.gguf, or a server: vllm:, sglang:, llama-server: or openai:http://host:port[#model]',
    ).default(base),
    new Option('--draft <model>', 'aligned draft model, named likewise; chat:https://… for any chat endpoint').default(
      draft,
    ),
    new Option('--reward <model>', 'reward model, for strategies that use one'),
    new Option('--aligner <model>', 'second model of the strategy aligner, named like the base'),
    new Option(
      '--template <form>',
      "form of the base's prompt: plain (the paper's), chat (its own), or a Jinja file",
    ).default('plain'),
    new Option('--draft-template <file>', "Jinja file in place of the draft's own chat template"),
    new Option('--tokenizer <path>', "tokenizer.json of a base on a server (default: the server's own tokenizer)"),
    whole('--server-timeout <seconds>', 'longest silence of a server (default: 300)', 1),
    variable(
      '--base-key-env <name>',
      "environment variable with the key of the base's server (default: WELLBEGUN_BASE_KEY)",
    ),
    variable('--draft-key-env <name>', "the same of the draft's (default: WELLBEGUN_DRAFT_KEY)"),
    variable('--aligner-key-env <name>', "the same of the aligner's (default: WELLBEGUN_ALIGNER_KEY)"),
    variable('--reward-key-env <name>', "the same of the reward model's (default: WELLBEGUN_REWARD_KEY)"),
    whole('--threads <n>', 'compute threads (default: all cores up to 4, then half of them)', 1, MOST_THREADS),
    whole('--context <tokens>', 'context length (default: 8192, or what the model was trained for)', 16),
    oneOf('--kv-type <type>', 'numbers of the KV cache; q8_0 takes half the memory', ['f16', 'q8_0']).default('f16'),
    whole('--gpu-layers <n>', 'layers of each model on the GPU; -1 is all', -1).default(-1),
    oneOf('--backend <name>', 'llama.cpp build to use', ['auto', 'cpu', 'cuda', 'vulkan', 'metal']).default('auto'),
    oneOf('--repack <state>', 'rearrange weights: faster on some processors, less exactly repeatable', [
      'on',
      'off',
    ]).default('off'),
  ]);
}

/** Options that say how one response is decoded. */
export function decodingOptions(config: ConfigFile): Option[] {
  return [...switchOptions(config), ...samplingOptions(config)];
}

function switchOptions(config: ConfigFile): Option[] {
  return withDefaults('Decoding:', config, [
    strategy(),
    new Option(
      '--strategy-module <file>',
      'a decoder of your own, in place of --strategy: a module that exports it by default',
    ),
    checked('gamma', '--gamma <number>', 'confidence at which the base takes over, above 0 and at most 1').default(0.8),
    checked('window', '--window <n>', 'tokens that the confidence is the geometric mean of').default(6),
    criterion(),
    new Option('--criterion-module <file>', 'a criterion of your own: a module that exports it by default'),
    checked('maxDraft', '--max-draft <n>', 'most drafted tokens (default: 512)'),
    checked('maxTokens', '--max-tokens <n>', 'most tokens from the model that finishes (default: 2048)'),
    checked('maxResponseTokens', '--max-response-tokens <n>', 'most tokens of the response, the drafted ones included'),
    oneOf('--on-no-switch <what>', 'after a draft that the base never took over', ['continue', 'stop']).default(
      'continue',
    ),
    new Option('--urial-examples <file>', "examples for the strategy urial (default: the project's own)"),
    new Option('--system <text>', 'system message'),
    new Option('--stop <text>', 'text that ends the response; may be given several times').argParser(collect()),
  ]);
}

function samplingOptions(config: ConfigFile): Option[] {
  return withDefaults('Sampling:', config, [
    checked('temperature', '--temperature <number>', 'randomness; 0 is greedy').default(0),
    checked('topP', '--top-p <number>', 'sample from the most likely tokens that have this share'),
    checked('topK', '--top-k <n>', 'sample from this many tokens; 0 is all'),
    checked('minP', '--min-p <number>', 'leave out tokens below this share of the most likely one'),
    checked('repetitionPenalty', '--repetition-penalty <number>', 'above 1: avoid the last 64 tokens'),
    checked('seed', '--seed <n>', 'makes sampling repeatable'),
    oneOf('--speculation <state>', 'guess tokens ahead and verify several at a time; speed only', [
      'on',
      'off',
    ]).default('on'),
  ]);
}

/** Their names in the environment, and what the config file says of them. */
export function withDefaults(group: string, { path, values }: ConfigFile, options: Option[]): Option[] {
  for (const option of options) {
    option.helpGroup(group).env(`WELLBEGUN_${option.name().replaceAll('-', '_').toUpperCase()}`);
    const value = values[option.attributeName() as keyof typeof values];
    if (value === undefined) continue;
    option.default(fromConfig(option, value, path), `${JSON.stringify(value)}, from the config file`);
  }
  return options;
}

/** A value in a config file passes the same checks as on the command line. */
function fromConfig(option: Option, value: unknown, path = ''): unknown {
  if (!option.parseArg || Array.isArray(value)) return value;
  try {
    return option.parseArg(String(value), undefined as never);
  } catch (cause) {
    const reason = cause instanceof InvalidArgumentError ? cause.message : String(cause);
    throw new ConfigError('bad-config', `The config file ${path}: ${reason}`, { cause });
  }
}

function checked(name: CheckedOption, flags: string, description: string): Option {
  return new Option(flags, description).argParser((text): number => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    try {
      checkOption(name, Number.isNaN(value) ? text : value);
    } catch (error) {
      throw error instanceof ConfigError ? new InvalidArgumentError(error.message) : error;
    }
    return value;
  });
}

function strategy(): Option {
  const kinds = Object.entries<StrategyKind>(STRATEGY_KINDS);
  const list = kinds.map(([name, kind]) => `${strategySignature(name, kind)}: ${kind.summary}`);
  return parsed('--strategy <text>', `who writes, perhaps with numbers:\n${list.join(';\n')}`, parseStrategy).default(
    'wsd',
  );
}

function criterion(): Option {
  const description = 'when the base takes over, in place of gamma and window; such as boundary(confidence)';
  return parsed('--criterion <text>', description, parseCriterion);
}

/** A text of the grammar, which is kept as it is. */
function parsed(flags: string, description: string, parse: (text: string) => unknown): Option {
  return new Option(flags, description).argParser((text): string => {
    try {
      parse(text);
    } catch (error) {
      throw error instanceof ConfigError ? new InvalidArgumentError(error.message) : error;
    }
    return text;
  });
}

/** A whole number from `least` to `most`. */
export function whole(flags: string, description: string, least: number, most = MOST_INT): Option {
  return new Option(flags, description).argParser((text): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
    const broken = value > most ? `at most ${most}` : `at least ${least}`;
    throw wrongArgument(flags, `a whole number of ${broken}`, text);
  });
}

export function oneOf(flags: string, description: string, names: readonly string[]): Option {
  return new Option(flags, description).choices(names).argParser((text): string => {
    if (names.includes(text)) return text;
    throw new InvalidArgumentError(
      `${flags.split(' ')[0]!} must be one of ${names.join(', ')}, not ${JSON.stringify(text)}.`,
    );
  });
}

/** The name of an environment variable; what is none may be a secret, and is not repeated. */
function variable(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text): string => {
    if (/^[A-Za-z_]\w*$/.test(text)) return text;
    throw new InvalidArgumentError(
      `${flags.split(' ')[0]!} takes the name of an environment variable, such as PROVIDER_KEY, never a key.`,
    );
  });
}

/** Each time the option is given adds to the list; together they replace a default. */
function collect() {
  const given: string[] = [];
  return (text: string): string[] => {
    if (text === '') throw new InvalidArgumentError('--stop must be a text that is not empty.');
    given.push(text);
    return given;
  };
}
