export interface GrowthOptions {
  readonly prompts: readonly string[];
  /** Most tokens that the base writes in each response. */
  readonly maxTokens: number;
  readonly threads: number;
  /** Told how far a series is. */
  readonly progress: (place: string) => void;
}
