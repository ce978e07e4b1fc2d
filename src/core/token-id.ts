/**
 * A token id of one model's vocabulary. Ids of two models never mix: only text crosses from the draft to the base.
 * The brand names no vocabulary, it only keeps plain numbers out.
 */
export type TokenId = number & { readonly __brand: 'TokenId' };
