/**
 * The value that Student's t is below with a probability.
 *
 * @param probability above 0 and below 1
 * @param degrees of freedom, at least 1
 */
export function studentQuantile(probability: number, degrees: number): number {
  if (probability < 0.5) return -studentQuantile(1 - probability, degrees);
  let [low, high] = [0, 1];
  while (studentShareBelow(high, degrees) < probability) high *= 2;
  for (let halving = 0; halving < 100; halving++) {
    const middle = (low + high) / 2;
    if (studentShareBelow(middle, degrees) < probability) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** @param t at least 0 */
function studentShareBelow(t: number, degrees: number): number {
  return 1 - incompleteBeta(degrees / (degrees + t ** 2), degrees / 2, 0.5) / 2;
}

/** The regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun 26.5.8). */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast below the mean of the distribution.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const scale = Math.exp(a * Math.log(x) + b * Math.log(1 - x) - logBeta(a, b));
  return scale / (a * betaFraction(x, a, b));
}

/** 1 + d₁/(1 + d₂/(1 + …)), from a depth at which nothing changes any more. */
function betaFraction(x: number, a: number, b: number): number {
  let fraction = 1;
  for (let depth = 400; depth >= 1; depth--) {
    const m = Math.floor(depth / 2);
    const numerator = depth % 2 === 0 ? m * (b - m) : -(a + m) * (a + b + m);
    fraction = 1 + (numerator * x) / ((a + depth - 1) * (a + depth)) / fraction;
  }
  return fraction;
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Stirling's series, after the argument was raised by Γ(x + 1) = x Γ(x). */
function logGamma(x: number): number {
  if (x < 12) return logGamma(x + 1) - Math.log(x);
  const series = 1 / (12 * x) - 1 / (360 * x ** 3) + 1 / (1260 * x ** 5) - 1 / (1680 * x ** 7);
  return (x - 0.5) * Math.log(x) - x + Math.log(2 * Math.PI) / 2 + series;
}
