/** The files of the playground by their paths, such as `index.html` and `assets/index.js`. */
export type PlaygroundFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
