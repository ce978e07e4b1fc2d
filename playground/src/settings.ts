/** What the page asks with. */
export interface Settings {
  readonly gamma: number;
  readonly window: number;
  readonly maxTokens: number;
  readonly temperature: number;
}

/** The paper's, and a length that is soon read. */
export const SETTINGS: Settings = { gamma: 0.8, window: 6, maxTokens: 200, temperature: 0 };
