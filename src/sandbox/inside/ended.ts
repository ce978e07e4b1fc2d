/** Thrown by an import of the interpreter: nothing more of the program runs. The message says why, to the user. */
export class Ended extends Error {}
