import { type Product, RMS_EPSILON } from './device-product.ts';

const WIDTH = 256;
const OUTPUTS = 64;
/** One row and many are multiplied by different kernels. */
const ROWS = [1, 32];
/** Of the squared error in the squares: what llama.cpp's own tests of its backends allow a product. */
const TOLERANCE = 5e-4;

/**
 * What each layer of a model does, small enough for any device.
 *
 * @returns what is wrong with the results, if something is
 */
export function sampleProblem(
  compute: (products: readonly Product[]) => readonly (Float32Array | undefined)[],
): string | undefined {
  const products = ROWS.map(sampleOf);
  const results = compute(products);
  if (results.includes(undefined)) return 'refuses to compute';
  const right = products.every((product, i) => shareOfError(results[i]!, expectedOf(product)) <= TOLERANCE);
  return right ? undefined : 'computes wrong numbers';
}

function sampleOf(rows: number): Product {
  return {
    width: WIDTH,
    weights: Float32Array.from({ length: WIDTH * OUTPUTS }, (_, i) => Math.sin(i)),
    input: Float32Array.from({ length: WIDTH * rows }, (_, i) => 3 * Math.cos(1.7 * i)),
  };
}

function expectedOf({ width, weights, input }: Product): number[] {
  return rowsOf(input, width).flatMap((row) => {
    const scale = 1 / Math.sqrt(dot(row, row) / width + RMS_EPSILON);
    return rowsOf(weights, width).map((weightsRow) => scale * dot(weightsRow, row));
  });
}

function rowsOf(matrix: Float32Array, width: number): Float32Array[] {
  return Array.from({ length: matrix.length / width }, (_, i) => matrix.subarray(i * width, (i + 1) * width));
}

/** NaN, which no tolerance allows, where a result is. */
function shareOfError(results: Float32Array, expected: readonly number[]): number {
  const errors = expected.map((value, i) => value - results[i]!);
  return dot(errors, errors) / dot(expected, expected);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((sum, value, i) => sum + value * b[i]!, 0);
}
