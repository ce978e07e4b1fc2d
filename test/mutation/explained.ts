/** Changes that no test can notice, or need not, and why. */
export const EXPLAINED: readonly { readonly path: string; readonly words: string; readonly why: string }[] = [];
