import { Command, Option } from 'commander';
import { ConfigError } from '../../core/errors.ts';
import type { ChatMessage } from '../../core/prompt-format.ts';
import { rewardsOf } from '../../core/rewards-of.ts';
import type { Backend } from '../../engines/llama-cpp/native/library-location.ts';
import { openReward } from '../../assembly/open-reward.ts';
import { Interrupt } from '../interrupt.ts';
import type { ConfigFile } from '../options/config-file.ts';
import { modelOptions } from '../options/shared-options.ts';
import { loadProgress } from '../output/load-progress.ts';
import { showNativeLog } from '../output/native-log.ts';
import { openTerminal } from '../output/terminal.ts';
import { readInput } from '../read-input.ts';

interface RewardValues {
  readonly reward: string;
  readonly messages: string;
  readonly response?: readonly string[];
  readonly threads?: number;
  readonly context?: number;
  readonly gpuLayers: number;
  readonly backend: Backend;
  readonly repack: 'on' | 'off';
  readonly reproducible?: 'on' | 'off';
  readonly debug?: boolean;
}

/** Of the options that name and load models, those that say how. */
const HOW = ['threads', 'context', 'gpu-layers', 'backend', 'repack', 'reproducible'];

export function rewardCommand(config: ConfigFile): Command {
  const command = new Command('reward')
    .addOption(
      new Option('--reward <model>', 'a model with a reward head, a classifier, vllm:URL, sglang:URL or judge:URL')
        .env('WELLBEGUN_REWARD')
        .makeOptionMandatory(),
    )
    .requiredOption('--messages <file>', 'the conversation, as JSON: [{"role", "content"}, …]')
    .addOption(
      new Option(
        '--response <text>',
        "a response to its last message; may be given several times (default: the file's last message)",
      ).argParser((text: string, before?: readonly string[]) => [...(before ?? []), text]),
    );
  for (const option of modelOptions(config)) if (HOW.includes(option.name())) command.addOption(option);
  return command.action((_, self: Command) => run(self.optsWithGlobals<RewardValues>()));
}

async function run(values: RewardValues): Promise<void> {
  const terminal = openTerminal();
  const { messages, responses } = conversation(values, (await readInput([], values.messages)).messages ?? []);
  using interrupt = new Interrupt();
  if (values.debug) await showNativeLog(values);
  const { threads, context, gpuLayers, backend } = values;
  const progress = loadProgress(terminal);
  const repack = values.repack === 'on';
  const reproducible = values.reproducible === 'on';
  const loading = { threads, context, gpuLayers, backend, repack, reproducible };
  const settings = { ...loading, progress, signal: interrupt.signal };
  const model = await openReward(values.reward, settings, { parallel: responses.length });
  try {
    const rewards = await rewardsOf(model, messages, responses, { signal: interrupt.signal });
    for (const reward of rewards) terminal.write(`${reward}\n`);
  } finally {
    await model.close();
  }
}

/** A conversation that ends with an answer is judged as it is; else the answers come from the command line. */
function conversation(
  { messages: file, response }: RewardValues,
  messages: readonly ChatMessage[],
): { readonly messages: readonly ChatMessage[]; readonly responses: readonly string[] } {
  const last = messages.at(-1);
  if (last?.role !== 'assistant' && response) return { messages, responses: response };
  if (last?.role === 'assistant' && !response) return { messages: messages.slice(0, -1), responses: [last.content] };
  throw new ConfigError(
    'bad-response',
    response
      ? `--response can't be given, because the last message of ${file} is an answer already: leave one of them out.`
      : `The last message of ${file} is no answer: add one, or give it with --response.`,
  );
}
