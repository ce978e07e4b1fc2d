/** Whether the number that a response gives is the right one, by the two ways of lm-eval's task `gsm8k`, version 3. */
export interface Gsm8kGrade {
  /** By the first number after `#### `, as the examples end. */
  readonly strict: boolean;
  /** By the last number anywhere. */
  readonly flexible: boolean;
}

const STRICT = /#### (-?[0-9.,]+)/;
const FLEXIBLE = /(-?[$0-9.,]{2,})|(-?[0-9]+)/g;

/** @param answer the answer text of GSM8K, which ends with `#### ` and a number, or the number alone */
export function gradeGsm8k(answer: string, response: string): Gsm8kGrade {
  const right = bareNumber(answer);
  const strict = STRICT.exec(response)?.[1];
  const flexible = response.match(FLEXIBLE)?.at(-1);
  return {
    strict: strict !== undefined && bareNumber(strict) === right,
    flexible: flexible !== undefined && bareNumber(flexible) === right,
  };
}

/** Without commas, dollar signs, everything up to the last `#### `, and a full stop at the end. */
function bareNumber(text: string): string {
  return text
    .replaceAll(/[,$]/g, '')
    .replaceAll(/[^]*#### /g, '')
    .replace(/\.(?=\n?$)/, '')
    .toLowerCase();
}
