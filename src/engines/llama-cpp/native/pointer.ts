/** A native pointer; never looked into. */
export type Pointer = bigint & { readonly __native: unique symbol };
