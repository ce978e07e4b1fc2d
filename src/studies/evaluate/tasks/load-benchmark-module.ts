import { z } from 'zod';
import { runModule } from '../../../assembly/notation/run-module.ts';
import type { Benchmark } from '../../../benchmarks/benchmark.ts';
import { ConfigError } from '../../../core/errors.ts';
import { settingName } from '../../../core/setting-name.ts';

const OPTION = settingName('benchmarkModule');

const fn = z.custom<(...args: never[]) => unknown>((value) => typeof value === 'function', 'expected a function');
const text = z.string().min(1);

/** What a module has to give; the rest of `Benchmark` is optional. */
const shape = z.object({
  name: text.regex(/^[\w.-]+$/, 'expected letters, digits, dots and hyphens, for it names a folder'),
  version: text,
  form: z.object({
    name: text,
    version: z.int(),
    stop: z.array(text),
    maxTokens: z.int().gte(1),
  }),
  loadItems: fn,
  grader: z
    .object({ measures: z.array(z.object({ name: text, kind: z.enum(['share', 'mean']) })).min(1), grade: fn })
    .optional(),
  program: fn.optional(),
  choices: fn.optional(),
});

/**
 * A benchmark of one's own: the default export of a JavaScript or TypeScript module, or what it returns when it is a
 * function. The module is run, so its path must come from whoever runs the program.
 *
 * @throws ConfigError when it can't be run, or exports something else
 */
export async function loadBenchmarkModule(path: string): Promise<Benchmark> {
  const value = await runModule(path, { option: OPTION, code: 'bad-benchmark' });
  const { success, error } = shape.safeParse(value);
  if (success) {
    const own = value as Benchmark;
    const loadItems: Benchmark['loadItems'] = async (source) =>
      (await own.loadItems(source)).map((item) => ({ ...{ followUps: [] }, ...item }));
    return { ...{ title: own.name, itemCount: 0, data: [], needs: [] }, ...own, loadItems };
  }
  const [issue] = error.issues;
  throw new ConfigError(
    'bad-benchmark',
    `${OPTION}: the default export of ${path} is no benchmark (${issue!.path.join('.') || 'value'}: ${issue!.message}): see docs/evaluation.md.`,
  );
}
