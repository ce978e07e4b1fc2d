/** What a trace claims, in the order in which it is checked. */
export const CLAIMS = ['prompt', 'counts', 'text', 'probability', 'switch', 'greedy', 'end'] as const;

export type Claim = (typeof CLAIMS)[number];

/** `false`: the claim does not hold. `unchecked`: nobody can tell from the trace and this base. */
export interface Finding {
  readonly claim: Claim;
  readonly verdict: 'false' | 'unchecked';
  /** Of the token that shows it, from 0. */
  readonly token?: number;
  /** One sentence. */
  readonly message: string;
}

/** Collects what is found of one trace. */
export class Findings {
  readonly list: Finding[] = [];

  isFalse(claim: Claim, message: string, token?: number): void {
    this.list.push({ claim, verdict: 'false', ...(token !== undefined && { token }), message });
  }

  isUnchecked(claim: Claim, message: string): void {
    this.list.push({ claim, verdict: 'unchecked', message });
  }

  get verdict(): 'true' | 'false' | 'unchecked' {
    if (this.list.some(({ verdict }) => verdict === 'false')) return 'false';
    return this.list.length > 0 ? 'unchecked' : 'true';
  }
}
