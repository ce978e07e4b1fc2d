/** Both ends belong to it. */
export type Interval = [from: number, to: number];
