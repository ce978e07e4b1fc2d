/** `[[7]]`, or `[7]` where the judge forgot a bracket; the first there is, as FastChat reads it. Undefined where there is none. */
export function parseJudgeRating(judgment: string): number | undefined {
  const found = /\[\[(\d+\.?\d*)\]\]/.exec(judgment) ?? /\[(\d+\.?\d*)\]/.exec(judgment);
  return found ? Number(found[1]) : undefined;
}
