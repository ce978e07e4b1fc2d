/** How fast old measurements fade. */
const MEMORY = 0.9;
/** Cost of a further token in a pass, as a share of the first one, until it is measured: of the default pair on two cores. */
const FURTHER_TOKEN = 0.35;

interface Mean {
  readonly tokens: number;
  ms: number;
  weight: number;
}

/**
 * Time of a forward pass by its number of tokens. Kernels are made for some sizes and slower for others (on one
 * processor 3 tokens took longer than 4), so each size has its own mean; sizes that were not seen lie on lines between
 * those that were.
 *
 * What was seldom seen is looked at with hope: a size that looks too dear is not tried again, so a mistake of that kind
 * would stay, while one of the other kind is gone after a try or two.
 */
export class PassTimes {
  /** In order of size. */
  #means: Mean[] = [];

  record(tokens: number, ms: number): void {
    const known = this.#means.find((mean) => mean.tokens === tokens);
    if (!known) {
      // A single measurement can make a size look cheaper than expected, but not dearer.
      const believed = this.#means.length === 0 ? ms : Math.min(ms, this.estimateMs(tokens));
      this.#means = [...this.#means, { tokens, ms: believed, weight: 1 }].sort((a, b) => a.tokens - b.tokens);
      return;
    }
    known.weight = known.weight * MEMORY + 1;
    // A pause of the whole machine is no property of a size.
    known.ms += (Math.min(ms, 3 * known.ms) - known.ms) / known.weight;
  }

  estimateMs(tokens: number): number {
    const [smallest] = this.#means;
    if (!smallest) return 1 + FURTHER_TOKEN * (tokens - 1);
    const lower = this.#means.findLast((mean) => mean.tokens <= tokens);
    const upper = this.#means.find((mean) => mean.tokens >= tokens);
    if (lower && upper) return between(lower, upper, tokens);
    if (upper) return upper.ms * ratioBySize(tokens, upper.tokens);
    const largest = this.#means.at(-1)!;
    const usual = smallest.ms * ratioBySize(tokens, smallest.tokens);
    return largest === smallest ? usual : Math.max(Math.min(between(smallest, largest, tokens), usual), largest.ms);
  }
}

/** On the line through two means. */
function between(a: Mean, b: Mean, tokens: number): number {
  if (a === b) return a.ms;
  return a.ms + ((b.ms - a.ms) * (tokens - a.tokens)) / (b.tokens - a.tokens);
}

function ratioBySize(tokens: number, known: number): number {
  return (1 + FURTHER_TOKEN * (tokens - 1)) / (1 + FURTHER_TOKEN * (known - 1));
}
