import type { Benchmark } from '../../benchmarks/benchmark.ts';
import type { DataSource } from '../../benchmarks/data/data-source.ts';
import type { RewardModel } from '../../core/reward-model.ts';
import { checkSettings } from '../../settings/check-settings.ts';
import { type CheckSettings, dataCheckSettings, type ImportSettings } from '../../settings/data.ts';
import { DataSetCount } from '../data-set-count.ts';
import { DropCount } from '../import/drop-count.ts';
import { assertOutput } from '../output-file.ts';
import type { PairFile } from '../pair-file.ts';
import { type Dimension, DIMENSIONS } from '../preference-pair.ts';
import type { UnusableRecord } from '../records/data-record.ts';
import { asPairFile } from './as-pair-file.ts';
import type { CheckReport, FoundPairs } from './check-report.ts';
import { Contamination } from './contamination.ts';
import { Examination } from './examination.ts';
import { exampleOf } from './example-of.ts';
import { type PairFinding, FINDING_NAMES, FINDINGS } from './findings.ts';
import { LengthCount } from './length-bias.ts';
import type { PairTokenizer } from './pair-tokenizer.ts';
import { writeFixed } from './write-fixed.ts';

export interface CheckOptions extends CheckSettings {
  /** A file of pairs in the schema, or in any form that can be imported. */
  readonly input: string;
  /** How it is imported, where it is of another form. */
  readonly imported?: ImportSettings;
  /** Benchmarks whose texts are looked for. */
  readonly benchmarks?: { readonly list: readonly Benchmark[]; readonly source: DataSource } | undefined;
  /** Of the model that will be trained. */
  readonly tokenizer?: PairTokenizer | undefined;
  /** Says which labels are doubtful; it stays open. */
  readonly reward?: RewardModel | undefined;
  /** Told now and then how many pairs were read. */
  readonly onProgress?: ((pairs: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const PROGRESS_PAIRS = 1000;
const EXAMPLES = 5;

/**
 * Looks for what makes pairs useless or harmful to train with. The file is read once or twice as a stream; for each pair about
 * a hundred bytes are kept.
 *
 * @throws ConfigError for a file that can't be read, or has no known form; WellbegunError where `fix` can't be written;
 *   AbortError
 */
export async function checkPairs(options: CheckOptions): Promise<CheckReport> {
  const others = ['input', 'imported', 'benchmarks', 'tokenizer', 'reward', 'onProgress', 'signal'];
  checkSettings(dataCheckSettings, options, others);
  const { input, imported = {}, benchmarks, signal, fix, removed } = options;
  if (fix !== undefined) await assertOutput(fix, 'fix', [input]);
  if (removed !== undefined) await assertOutput(removed, 'removed', [input]);
  const contamination = benchmarks && (await Contamination.load(benchmarks.list, benchmarks.source));
  const drops = new DropCount();
  return await asPairFile(input, { ...imported, signal }, drops, (file, onFault) =>
    new PairCheck(options, file, drops, contamination).run(onFault),
  );
}

class PairCheck {
  readonly #options: CheckOptions;
  readonly #file: PairFile;
  readonly #drops: DropCount;
  readonly #contamination: Contamination | undefined;
  readonly #examination: Examination;
  readonly #count = new DataSetCount();
  readonly #lengths = new LengthCount();
  readonly #lengthsOf: Readonly<Record<Dimension, LengthCount>>;

  constructor(options: CheckOptions, file: PairFile, drops: DropCount, contamination: Contamination | undefined) {
    const {
      nearDuplicates = dataCheckSettings.nearDuplicates.default,
      maxLength = dataCheckSettings.maxLength.default,
    } = options;
    this.#options = options;
    this.#file = file;
    this.#drops = drops;
    this.#contamination = contamination;
    this.#examination = new Examination({
      nearDuplicates,
      maxLength,
      contamination,
      tokenizer: options.tokenizer,
      reward: options.reward,
    });
    const counts = DIMENSIONS.map((dimension) => [dimension, new LengthCount()]);
    this.#lengthsOf = Object.fromEntries(counts) as Record<Dimension, LengthCount>;
  }

  async run(onFault: (number: number, fault: UnusableRecord) => void): Promise<CheckReport> {
    const { signal, input, fix, removed = `${fix}.removed.jsonl` } = this.#options;
    await this.#examineAll(onFault);
    await this.#examination.findNearDuplicates((index) => this.#file.pairAt(index), signal);
    const fixed =
      fix === undefined
        ? undefined
        : await writeFixed(this.#file, this.#examination, { ...{ input, fix, removed, signal } });
    return { ...(await this.#report()), fixed };
  }

  async #examineAll(onFault: (number: number, fault: UnusableRecord) => void): Promise<void> {
    const { signal, onProgress } = this.#options;
    for await (const { pair, number } of this.#file.read(onFault, signal)) {
      const { chosen, rejected } = await this.#examination.add(pair, number, signal);
      this.#count.add(pair);
      this.#lengths.add(chosen.length, rejected.length);
      this.#lengthsOf[pair.dimension].add(chosen.length, rejected.length);
      if (this.#examination.length % PROGRESS_PAIRS === 0) onProgress?.(this.#examination.length);
    }
  }

  async #report(): Promise<Omit<CheckReport, 'fixed'>> {
    const biases = DIMENSIONS.map((dimension) => [dimension, this.#lengthsOf[dimension].bias] as const);
    const [findings, kept] = await this.#findings();
    return {
      file: this.#options.input,
      pairs: this.#examination.length,
      prompts: this.#examination.prompts,
      dimensions: this.#count.dimensions,
      dataSets: this.#count.dataSets,
      dropped: this.#drops.count,
      reasons: this.#drops.reasons,
      findings,
      lengthBias: this.#lengths.bias,
      lengthBiasOf: Object.fromEntries(biases.filter(([, bias]) => bias !== undefined)),
      labels: this.#examination.labels.agreement,
      benchmarks: this.#contamination?.sought ?? [],
      kept,
    };
  }

  /** And how many pairs nothing removes. */
  async #findings(): Promise<[findings: FoundPairs[], kept: number]> {
    const counts = new Map<PairFinding, { pairs: number; first: number[] }>();
    let kept = 0;
    for (const finding of FINDING_NAMES) if (this.#isSought(finding)) counts.set(finding, { pairs: 0, first: [] });
    for (let index = 0; index < this.#examination.length; index++) {
      if (!this.#examination.isRemoved(index)) kept++;
      for (const finding of this.#examination.findingsOf(index)) {
        const count = counts.get(finding)!;
        count.pairs++;
        if (count.first.length < EXAMPLES) count.first.push(index);
      }
    }
    const findings = [...counts].map(async ([finding, { pairs, first }]) => ({
      ...{ finding, pairs, removes: FINDINGS[finding].removes },
      examples: await Promise.all(first.map((index) => exampleOf(this.#file, this.#examination, index))),
    }));
    return [await Promise.all(findings), kept];
  }

  #isSought(finding: PairFinding): boolean {
    if (finding === 'doubtful') return this.#options.reward !== undefined;
    if (finding === 'contaminated') return this.#contamination !== undefined;
    return (finding !== 'loses-end' && finding !== 'no-prefix') || this.#options.tokenizer !== undefined;
  }
}
