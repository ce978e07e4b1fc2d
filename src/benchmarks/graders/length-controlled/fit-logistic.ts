import type { SoftRow } from './soft-row.ts';

/** Coefficients that no longer move in this measure are done. */
const TOLERANCE = 1e-9;
const MOST_STEPS = 100;

/**
 * Logistic regression without intercept and with an L1 penalty: the coefficients w with the least
 * ‖w‖₁ + C Σ weight · logloss(label, σ(w·features)), which is liblinear's objective for rows with the labels 1 and 0 in the
 * weights label and 1 − label. Each step solves the quadratic approximation by coordinate descent and goes as far along as
 * the objective falls (a proximal Newton method; Friedman, Hastie and Tibshirani 2010).
 *
 * @param inverseStrength C, above 0
 */
export function fitLogistic(
  rows: readonly SoftRow[],
  inverseStrength: number,
  start?: readonly number[],
): readonly number[] {
  let weights = start ?? rows[0]!.features.map(() => 0);
  let objective = objectiveOf(rows, weights, inverseStrength);
  for (let step = 0; step < MOST_STEPS; step++) {
    const target = solveQuadratic(approximate(rows, weights, inverseStrength), weights);
    const next = searchLine(rows, { weights, target, objective }, inverseStrength);
    const moved = Math.max(...next.weights.map((value, index) => Math.abs(value - weights[index]!)));
    ({ weights, objective } = next);
    if (moved < TOLERANCE) break;
  }
  return weights;
}

export function logit(features: readonly number[], weights: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < weights.length; index++) sum += features[index]! * weights[index]!;
  return sum;
}

export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

function objectiveOf(rows: readonly SoftRow[], weights: readonly number[], inverseStrength: number): number {
  let loss = 0;
  for (const { features, label, weight } of rows) {
    const z = logit(features, weights);
    // log(1 + e^z) without overflow.
    loss += weight * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - label * z);
  }
  return inverseStrength * loss + weights.reduce((sum, value) => sum + Math.abs(value), 0);
}

interface Quadratic {
  readonly gradient: readonly number[];
  readonly hessian: readonly (readonly number[])[];
}

function approximate(rows: readonly SoftRow[], weights: readonly number[], inverseStrength: number): Quadratic {
  const gradient = weights.map(() => 0);
  const hessian = weights.map(() => weights.map(() => 0));
  for (const { features, label, weight } of rows) {
    const p = sigmoid(logit(features, weights));
    const slope = inverseStrength * weight * (p - label);
    const curvature = inverseStrength * weight * p * (1 - p);
    for (let i = 0; i < weights.length; i++) {
      gradient[i]! += slope * features[i]!;
      for (let j = 0; j < weights.length; j++) hessian[i]![j]! += curvature * features[i]! * features[j]!;
    }
  }
  return { gradient, hessian };
}

/** The least of the approximation around `weights` and the penalty, by coordinate descent. */
function solveQuadratic({ gradient, hessian }: Quadratic, weights: readonly number[]): number[] {
  const target = [...weights];
  for (let sweep = 0; sweep < 1000; sweep++) {
    let moved = 0;
    for (let i = 0; i < target.length; i++) {
      const curvature = Math.max(hessian[i]![i]!, 1e-12);
      let slope = gradient[i]!;
      for (let j = 0; j < target.length; j++) slope += hessian[i]![j]! * (target[j]! - weights[j]!);
      const next = shrink(target[i]! - slope / curvature, 1 / curvature);
      moved = Math.max(moved, Math.abs(next - target[i]!));
      target[i] = next;
    }
    if (moved < TOLERANCE / 10) break;
  }
  return target;
}

/** Towards 0 by an amount, and not beyond it. */
function shrink(value: number, amount: number): number {
  return Math.sign(value) * Math.max(0, Math.abs(value) - amount);
}

function searchLine(
  rows: readonly SoftRow[],
  { weights, target, objective }: { weights: readonly number[]; target: readonly number[]; objective: number },
  inverseStrength: number,
): { weights: readonly number[]; objective: number } {
  for (let part = 1; part > 1e-10; part /= 2) {
    const tried = weights.map((value, index) => value + part * (target[index]! - value));
    const reached = objectiveOf(rows, tried, inverseStrength);
    if (reached < objective) return { weights: tried, objective: reached };
  }
  return { weights, objective };
}
