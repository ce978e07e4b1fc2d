/** How fast old measurements fade. */
const MEMORY = 0.9;
/** Cost of a further token in a pass, as a share of the first one: measured on the default pair with 2 threads. */
const FURTHER_TOKEN = 0.35;
/** Measurements of one size before they count for themselves. */
const ENOUGH = 3;

/**
 * Time of a forward pass by its number of tokens, as a line that follows the measurements. Until two sizes were seen,
 * a further token is taken to cost `FURTHER_TOKEN` of the first one.
 */
export class PassTimes {
  readonly #means = new Map<number, { weight: number; ms: number }>();

  record(tokens: number, ms: number): void {
    const known = this.#means.get(tokens) ?? { weight: 0, ms: 0 };
    // A pause of the whole machine is no property of a size.
    const plausible = known.weight === 0 ? ms : Math.min(ms, 3 * known.ms);
    const weight = known.weight * MEMORY + 1;
    this.#means.set(tokens, { weight, ms: known.ms + (plausible - known.ms) / weight });
  }

  estimateMs(tokens: number): number {
    const exact = this.#means.get(tokens);
    if (exact && exact.weight >= ENOUGH) return exact.ms;
    const { first, slope } = this.#line();
    return first + slope * (tokens - 1);
  }

  #line(): { first: number; slope: number } {
    const points = [...this.#means].map(([tokens, { weight, ms }]) => ({ x: tokens - 1, y: ms, weight }));
    const sum = (of: (point: { x: number; y: number; weight: number }) => number) =>
      points.reduce((total, point) => total + of(point), 0);
    const total = sum(({ weight }) => weight);
    if (total === 0) return { first: 1, slope: FURTHER_TOKEN };
    const meanX = sum(({ x, weight }) => x * weight) / total;
    const meanY = sum(({ y, weight }) => y * weight) / total;
    const spread = sum(({ x, weight }) => weight * (x - meanX) ** 2);
    if (spread === 0)
      return {
        first: meanY / (1 + FURTHER_TOKEN * meanX),
        slope: (FURTHER_TOKEN * meanY) / (1 + FURTHER_TOKEN * meanX),
      };
    const slope = Math.max(sum(({ x, y, weight }) => weight * (x - meanX) * (y - meanY)) / spread, 0);
    return { first: Math.max(meanY - slope * meanX, 0.01), slope };
  }
}
