/** A measured place: the time of scoring so many tokens at once. */
export interface MeasuredPass {
  readonly tokens: number;
  readonly ms: number;
}

/**
 * Time of scoring any number of tokens from measured ones, given in rising order: a line between two places, the
 * first one's time below it, and passes of the largest measured size where there are more tokens than that.
 */
export function interpolatePasses(passes: readonly MeasuredPass[]): (tokens: number) => number {
  const largest = passes.at(-1)!;
  const within = (tokens: number): number => {
    const above = passes.findIndex((pass) => pass.tokens >= tokens);
    const [before, after] = [passes[above - 1], passes[above]!];
    // A pass of less than the smallest measured size costs nearly as much as that: the weights are read all the same.
    if (!before) return after.ms;
    return before.ms + ((tokens - before.tokens) / (after.tokens - before.tokens)) * (after.ms - before.ms);
  };
  return (tokens) => {
    const whole = Math.floor(tokens / largest.tokens);
    const rest = tokens - whole * largest.tokens;
    return whole * largest.ms + (rest > 0 ? within(rest) : 0);
  };
}
