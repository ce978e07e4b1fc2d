/** A template, or what it is given, takes more than it may. */
export class LimitExceeded extends Error {}
