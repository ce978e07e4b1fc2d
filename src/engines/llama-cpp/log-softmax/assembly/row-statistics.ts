// AssemblyScript; `scripts/build-wasm.ts` compiles it into `../row-statistics.wasm.ts`.
//
// A row of logits starts at `rowOffset` and is padded with -Infinity to a whole number of blocks; `end` is the address
// after the padding. Sums run in f32 lanes within a block and in f64 across blocks, which keeps the rounding of a row
// of 262,144 logits far below 1e-5.

/** Address of the first logit; the compiler puts `constants` at 1024. */
export const rowOffset: usize = 2048;

/** Bytes; 128 additions a lane. */
export const blockBytes: usize = 2048;

/** The sum of log2(e^(logit - maximum)) * e^(logit - maximum), which the last `sumExponentials` found. */
export let weightedSum: f64 = 0;

// 2^f = 0.00132647... * (((((f + c4) * f + c3) * f + c2) * f + c1) * f + c0) within 1.5e-7 for |f| <= 0.5: the minimax
// polynomial of degree 5 with p(0) = 1, divided by its leading coefficient, which `sumExponentials` puts back. As
// `leading` is 1 / c0, the largest logit adds 1 and no log-probability is above 0.
const leading: f64 = 0.0013264727660989054;
// V8 builds a v128 constant anew wherever it is used, but keeps what it read from memory in a register: 2.5 times as
// fast. Order: log2(e), the least exponent of a normal f32, 1.5 * 2^23 + 127 (the magic number that leaves
// round(x) + 127, an f32's exponent field, in the low bits of a sum), c0 to c4.
const constants = memory.data<f32>([
  1.4426950408889634, -126, 12583039, 753.8790480936369, 522.5490033011201, 181.09865253845032, 41.84581748405389,
  7.291151007423527,
]);

/** The largest logit; NaN is passed over. */
export function maximum(end: usize): f32 {
  let first = f32x4.splat(-Infinity);
  let second = first;
  for (let at = rowOffset; at < end; at += 32) {
    first = f32x4.pmax(first, v128.load(at));
    second = f32x4.pmax(second, v128.load(at, 16));
  }
  return largestLane(f32x4.pmax(first, second));
}

/** The lowest index of the largest logit; -1 if a logit is NaN or the largest one is infinite. */
export function argmax(end: usize): i32 {
  let best: f32 = -Infinity;
  let bestBlock = rowOffset;
  let unordered = i32x4.splat(0);
  for (let block = rowOffset; block < end; block += blockBytes) {
    let largest = f32x4.splat(-Infinity);
    for (let at = block; at < block + blockBytes; at += 32) {
      const first = v128.load(at);
      const second = v128.load(at, 16);
      largest = f32x4.pmax(f32x4.pmax(largest, first), second);
      unordered = v128.or(unordered, v128.or(f32x4.ne(first, first), f32x4.ne(second, second)));
    }
    const blockMaximum = largestLane(largest);
    if (blockMaximum > best) {
      best = blockMaximum;
      bestBlock = block;
    }
  }
  if (v128.any_true(unordered) || !isFinite(best)) return -1;
  let at = bestBlock;
  while (load<f32>(at) != best) at += 4;
  return <i32>((at - rowOffset) >> 2);
}

/** How many logits are strictly greater than `logit`. */
export function countGreater(end: usize, logit: f32): i32 {
  const bound = f32x4.splat(logit);
  let counts = i32x4.splat(0);
  for (let at = rowOffset; at < end; at += 16) counts = i32x4.sub(counts, f32x4.gt(v128.load(at), bound));
  return (
    i32x4.extract_lane(counts, 0) +
    i32x4.extract_lane(counts, 1) +
    i32x4.extract_lane(counts, 2) +
    i32x4.extract_lane(counts, 3)
  );
}

/** The sum of e^(logit - maximum); NaN if a logit is NaN or `maximum` is infinite. Sets `weightedSum`. */
export function sumExponentials(end: usize, maximum: f32): f64 {
  const log2e = v128.load32_splat(constants);
  const least = v128.load32_splat(constants, 4);
  const magic = v128.load32_splat(constants, 8);
  const c0 = v128.load32_splat(constants, 12);
  const c1 = v128.load32_splat(constants, 16);
  const c2 = v128.load32_splat(constants, 20);
  const c3 = v128.load32_splat(constants, 24);
  const c4 = v128.load32_splat(constants, 28);
  const shift = f32x4.splat(maximum);
  let sum: f64 = 0;
  let weighted: f64 = 0;
  for (let block = rowOffset; block < end; block += blockBytes) {
    let blockSum = f32x4.splat(0);
    let blockWeighted = f32x4.splat(0);
    for (let at = block; at < block + blockBytes; at += 16) {
      // In this order pmax keeps NaN and raises -Infinity.
      const exponent = f32x4.pmax(f32x4.mul(f32x4.sub(v128.load(at), shift), log2e), least);
      const rounded = f32x4.add(exponent, magic);
      const f = f32x4.sub(exponent, f32x4.sub(rounded, magic));
      const square = f32x4.mul(f, f);
      const high = f32x4.add(f32x4.mul(f32x4.add(f, c4), square), f32x4.add(f32x4.mul(f, c3), c2));
      const power = f32x4.add(f32x4.mul(high, square), f32x4.add(f32x4.mul(f, c1), c0));
      const exponential = f32x4.mul(power, i32x4.shl(rounded, 23));
      blockSum = f32x4.add(blockSum, exponential);
      blockWeighted = f32x4.add(blockWeighted, f32x4.mul(exponential, exponent));
    }
    sum += sumLanes(blockSum);
    weighted += sumLanes(blockWeighted);
  }
  weightedSum = weighted * leading;
  return sum * leading;
}

function largestLane(lanes: v128): f32 {
  return max(
    max(f32x4.extract_lane(lanes, 0), f32x4.extract_lane(lanes, 1)),
    max(f32x4.extract_lane(lanes, 2), f32x4.extract_lane(lanes, 3)),
  );
}

function sumLanes(lanes: v128): f64 {
  const pairs = f64x2.add(
    f64x2.promote_low_f32x4(lanes),
    f64x2.promote_low_f32x4(v128.shuffle<f32>(lanes, lanes, 2, 3, 2, 3)),
  );
  return f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1);
}
