/** What came out when a build for GPUs was tried, in a process of its own. */
export type TrialOutcome = { readonly kind: 'works' } | { readonly kind: 'no-gpu' | 'failed'; readonly reason: string };

/** A build for GPUs that is installed, but no use on this machine. */
export interface UselessBuild {
  readonly variant: string;
  readonly outcome: Exclude<TrialOutcome, { kind: 'works' }>;
}

/** e.g. `linux-x64-cuda finds no GPU (libcudart.so.13: cannot open shared object file)`. */
export function describeUseless({ variant, outcome: { kind, reason } }: UselessBuild): string {
  return `${variant} ${kind === 'failed' ? 'failed a trial' : 'finds no GPU'} (${reason})`;
}
