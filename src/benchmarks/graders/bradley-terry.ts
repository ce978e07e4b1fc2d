import type { ArenaBattle } from './arena-battle.ts';

export interface RatedBattle extends ArenaBattle {
  /** `outcome` is of the first of these. */
  readonly first: string;
  readonly second: string;
}

const SCALE = 400;
const BASE = 10;

/**
 * Ratings of Bradley and Terry at their greatest likelihood, on the scale of Elo: the first of two wins with
 * 1 / (1 + 10^((second − first)/400)). The anchor has its given rating. A tie is half a win and half a loss. Ratings of a model that
 * won or lost all its games have no greatest likelihood; they stop ±4,000 from the anchor.
 */
export function bradleyTerry(
  battles: readonly RatedBattle[],
  anchor: { readonly name: string; readonly rating: number },
): ReadonlyMap<string, number> {
  const names = new Set(battles.flatMap(({ first, second }) => [first, second]));
  const strengths = new Map([...names].map((name) => [name, 0]));
  for (let sweep = 0; sweep < 1000; sweep++) {
    let moved = 0;
    for (const name of names) if (name !== anchor.name) moved = Math.max(moved, improve(name, battles, strengths));
    if (moved < 1e-10) break;
  }
  const toRating = (strength: number) => anchor.rating + (strength * SCALE) / Math.log(BASE);
  return new Map([...strengths].map(([name, strength]) => [name, toRating(strength)]));
}

const MOST = (10 * SCALE * Math.log(BASE)) / SCALE;

/** One step of Newton for one strength, the others held; returns how far it went. */
function improve(name: string, battles: readonly RatedBattle[], strengths: Map<string, number>): number {
  const own = strengths.get(name)!;
  let [slope, curvature] = [0, 0];
  for (const { first, second, outcome, weight } of battles) {
    if (first !== name && second !== name) continue;
    const other = strengths.get(first === name ? second : first)!;
    const expected = 1 / (1 + Math.exp(other - own));
    slope += weight * ((first === name ? outcome : 1 - outcome) - expected);
    curvature += weight * expected * (1 - expected);
  }
  const step = Math.max(-1, Math.min(1, slope / curvature));
  const next = Math.max(-MOST, Math.min(MOST, own + step));
  strengths.set(name, next);
  return Math.abs(next - own);
}
