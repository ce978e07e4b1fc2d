import { readFile } from 'node:fs/promises';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';

/** Losses of TRL's DPOTrainer, by its own names; sigmoid is the paper's. */
const DPO_LOSSES = [
  'sigmoid',
  'sigmoid_norm',
  'hinge',
  'ipo',
  'exo_pair',
  'nca_pair',
  'robust',
  'bco_pair',
  'sppo_hard',
  'aot',
  'aot_unpaired',
  'apo_zero',
  'apo_down',
  'discopop',
] as const;

const count = z
  .int()
  .min(1)
  .max(2 ** 31 - 1);
const text = z.string().min(1);

const lora = z.strictObject({
  rank: count.describe('rank of each pair of matrices'),
  alpha: z.number().positive().describe('what they learn counts alpha / rank times'),
  dropout: z.number().min(0).lt(1).default(0),
});

export const recipe = z
  .strictObject({
    method: z.enum(['sft', 'dpo', 'kto', 'reward']),
    model: text.describe('a name of the catalogue, a GGUF file, hf:owner/repo/file.gguf, a folder, or a hub id'),
    data: text.describe('JSON lines of prompt, chosen and rejected'),
    output: text.describe('folder of the checkpoints and of what was trained'),
    loss: z.enum(DPO_LOSSES).default('sigmoid').describe('of dpo'),
    beta: z.number().positive().default(0.1).describe('of dpo and kto: how much it costs to leave the reference'),
    label_smoothing: z.number().min(0).lt(0.5).default(0).describe('of dpo: share of pairs taken to be swapped'),
    learning_rate: z.number().positive().lt(1).default(1e-4),
    schedule: z.enum(['linear', 'cosine', 'constant', 'constant_with_warmup']).default('linear'),
    warmup: z.number().min(0).default(0.1).describe('steps; below 1 a share of all steps'),
    epochs: z.number().positive().default(1),
    steps: count.optional().describe('ends the run there, in place of epochs'),
    batch: count.default(2).describe('pairs in memory at once, on each device'),
    accumulate: count.default(4).describe('batches of a step'),
    max_length: count.default(1024).describe('tokens of prompt and answer; what is longer loses its end'),
    lora: lora.optional().describe('train an adapter on all linear layers; without it all weights are trained'),
    precision: z
      .enum(['float32', 'mixed', 'bfloat16'])
      .default('float32')
      .describe('mixed computes in bfloat16; bfloat16 also keeps the weights in it'),
    gradient_checkpointing: z.boolean().default(false).describe('less memory, a third more time'),
    save_steps: count.default(25),
    seed: z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .default(0),
    threads: count.optional().describe('of the CPU'),
    gpus: count.default(1).describe('more than one train together by FSDP'),
  })
  .refine(({ method, batch }) => method !== 'kto' || batch > 1, {
    path: ['batch'],
    message: 'must be at least 2 for kto, which compares the pairs of a batch',
  })
  .refine(({ gpus, lora: adapter }) => gpus === 1 || adapter === undefined, {
    path: ['gpus'],
    message: 'must be 1 with lora: several GPUs train all weights',
  });

export type Recipe = z.infer<typeof recipe>;

/**
 * @param changes settings that are taken in place of the file's
 * @throws ConfigError for a file that is no recipe: each fault with the setting's name
 */
export async function readRecipe(path: string, changes: Readonly<Record<string, unknown>> = {}): Promise<Recipe> {
  const given = parse(path, await contentOf(path));
  const { success, data, error } = recipe.safeParse({ ...given, ...changes });
  if (success) return data;
  const faults = error.issues.map(({ path: place, message }) => `${place.join('.') || 'the recipe'}: ${message}`);
  throw new ConfigError(
    'bad-recipe',
    `${path} is no recipe (${faults.join('; ')}): see docs/training.md for its settings.`,
  );
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigError('no-recipe', `The recipe ${path} can't be read (${(cause as Error).message}).`, { cause });
  }
}

function parse(path: string, content: string): object {
  const document = parseDocument(content);
  const [fault] = document.errors;
  const value: unknown = fault ? undefined : document.toJS();
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  const reason = fault?.message.split('\n', 1)[0]?.replace(/:$/, '') ?? 'it is no list of settings';
  throw new ConfigError(
    'bad-recipe',
    `${path} is no recipe (${reason}): write settings such as "method: dpo", one a line.`,
  );
}
