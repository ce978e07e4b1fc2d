import { GrowingArray } from '../../core/growing-array.ts';
import type { RewardModel } from '../../core/reward-model.ts';
import { chosenText, type PreferencePair, rejectedText } from '../preference-pair.ts';
import type { Contamination } from './contamination.ts';
import { type PairFinding, FINDING_NAMES, FINDINGS } from './findings.ts';
import { KeyTable } from './key-table.ts';
import { LabelCount } from './label-count.ts';
import { looksCutOff } from './looks-cut-off.ts';
import { NearDuplicates } from './near-duplicates.ts';
import { type Key, pairKeys } from './pair-keys.ts';
import { type PairTokenizer, trainingLosses } from './pair-tokenizer.ts';
import { type PairWords, pairWords, shinglesOf } from './pair-words.ts';
import { rewardMargin } from './reward-margin.ts';

const NONE = -1;

export interface ExaminationOptions {
  readonly nearDuplicates: number;
  readonly maxLength: number;
  readonly contamination: Contamination | undefined;
  readonly tokenizer: PairTokenizer | undefined;
  readonly reward: RewardModel | undefined;
}

/** What is found of each pair of a file, which are numbered from 0 as they come: some hundred bytes a pair. */
export class Examination {
  /** What a reward model says of the labels. */
  readonly labels = new LabelCount();
  readonly #options: ExaminationOptions;
  readonly #found = new GrowingArray(Uint32Array);
  readonly #numbers = new GrowingArray(Uint32Array);
  /** The other pair of a duplicate or contradiction. */
  readonly #others = new GrowingArray(Int32Array);
  readonly #items = new GrowingArray(Int32Array);
  readonly #pairs = new KeyTable();
  readonly #firstOfKey = new GrowingArray(Uint32Array);
  readonly #prompts = new KeyTable();
  readonly #near: NearDuplicates;

  constructor(options: ExaminationOptions) {
    this.#options = options;
    this.#near = new NearDuplicates(options.nearDuplicates);
  }

  get length(): number {
    return this.#found.length;
  }

  /** Different prompts. */
  get prompts(): number {
    return this.#prompts.size;
  }

  /** @param number of its line */
  async add(pair: PreferencePair, number: number, signal?: AbortSignal): Promise<PairWords> {
    const words = pairWords(pair);
    const index = this.length;
    this.#found.push(0);
    this.#numbers.push(number);
    this.#others.push(NONE);
    this.#items.push(NONE);
    this.#near.add(shinglesOf(words));
    this.#compare(index, pair);
    for (const finding of textFindings(pair)) this.#note(index, finding);
    this.#findItem(index, words);
    const { tokenizer, maxLength, reward } = this.#options;
    const losses = tokenizer ? await trainingLosses(pair, tokenizer, maxLength) : [];
    for (const finding of losses) this.#note(index, finding);
    if (reward) await this.#judge(index, pair, reward, signal);
    return words;
  }

  /** To be called once, after the last pair. @param read gives a pair again */
  async findNearDuplicates(read: (index: number) => Promise<PreferencePair>, signal?: AbortSignal): Promise<void> {
    const shingles = async (index: number) => {
      signal?.throwIfAborted();
      return new Set(shinglesOf(pairWords(await read(index))));
    };
    for await (const { index, like } of this.#near.find(shingles, (index) => !this.has(index, 'duplicate'))) {
      this.#note(index, 'near-duplicate');
      this.#others.set(index, like);
    }
  }

  has(index: number, finding: PairFinding): boolean {
    return (this.#found.at(index) & bitOf(finding)) !== 0;
  }

  findingsOf(index: number): PairFinding[] {
    return FINDING_NAMES.filter((finding) => this.has(index, finding));
  }

  isRemoved(index: number): boolean {
    return this.findingsOf(index).some((finding) => FINDINGS[finding].removes);
  }

  lineOf(index: number): number {
    return this.#numbers.at(index);
  }

  /** The line of the pair that it is like or contradicts. */
  otherLineOf(index: number): number | undefined {
    const other = this.#others.at(index);
    return other === NONE ? undefined : this.#numbers.at(other);
  }

  /** The benchmark's item whose text it holds. */
  itemOf(index: number): string | undefined {
    const item = this.#items.at(index);
    return item === NONE ? undefined : this.#options.contamination?.nameOf(item);
  }

  #note(index: number, finding: PairFinding): void {
    this.#found.set(index, this.#found.at(index) | bitOf(finding));
  }

  #compare(index: number, pair: PreferencePair): void {
    const keys = pairKeys(pair);
    this.#prompts.add(...keys.prompt);
    const contradicted = keys.swapped.join() === keys.pair.join() ? undefined : this.#indexOf(keys.swapped);
    const key = this.#pairs.add(...keys.pair);
    if (key < this.#firstOfKey.length) this.#relate(index, 'duplicate', this.#firstOfKey.at(key));
    else this.#firstOfKey.push(index);
    if (contradicted === undefined) return;
    this.#relate(index, 'contradiction', contradicted);
    this.#relate(contradicted, 'contradiction', index);
  }

  #indexOf(key: Key): number | undefined {
    const number = this.#pairs.find(...key);
    return number === NONE ? undefined : this.#firstOfKey.at(number);
  }

  #relate(index: number, finding: PairFinding, other: number): void {
    this.#note(index, finding);
    if (this.#others.at(index) === NONE) this.#others.set(index, other);
  }

  async #judge(index: number, pair: PreferencePair, model: RewardModel, signal?: AbortSignal): Promise<void> {
    const margin = await rewardMargin(model, pair, signal);
    this.labels.add(margin);
    if (margin !== undefined && margin < 0) this.#note(index, 'doubtful');
  }

  #findItem(index: number, { prompt, chosen, rejected }: PairWords): void {
    const { contamination } = this.#options;
    if (!contamination) return;
    for (const words of [...prompt, chosen, rejected]) {
      const item = contamination.itemIn(words);
      if (item === NONE) continue;
      this.#items.set(index, item);
      this.#note(index, 'contaminated');
      return;
    }
  }
}

function bitOf(finding: PairFinding): number {
  return 1 << FINDING_NAMES.indexOf(finding);
}

/** What its texts tell without any other pair. */
function textFindings(pair: PreferencePair): PairFinding[] {
  const [chosen, rejected] = [chosenText(pair), rejectedText(pair)];
  const texts = [...pair.prompt.map(({ content }) => content), chosen, rejected];
  const findings: PairFinding[] = [];
  if (texts.some((text) => text.trim() === '')) findings.push('empty-turn');
  if (chosen.trim() === rejected.trim()) findings.push('same-responses');
  if (pair.prompt.at(-1)?.role !== 'user') findings.push('prompt-order');
  if (looksCutOff(chosen)) findings.push('cut-off');
  if (looksCutOff(rejected)) findings.push('rejected-cut-off');
  return findings;
}
