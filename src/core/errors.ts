import { namedSettings, spellSettings } from './setting-name.ts';

/**
 * Every failure that a user can meet. The message is one clear sentence that names the value or file, the limit, and
 * the way out; `code` is stable for programs. Aborts stay the platform's `AbortError` and are never wrapped.
 */
export class WellbegunError extends Error {
  readonly code: string;
  /** The message before its settings were spelled. */
  readonly #said: string;

  /** @param message names settings by `settingName`; `message` then has them as the library does */
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(
      spellSettings(message, (name) => name),
      options,
    );
    this.name = new.target.name;
    this.code = code;
    this.#said = message;
  }

  /** The setting that the message names first, such as `topP`; undefined where it names none. */
  get setting(): string | undefined {
    return namedSettings(this.#said)[0];
  }

  /** The message with its settings as a surface calls them. */
  spelled(spelling: (setting: string) => string): string {
    return spellSettings(this.#said, spelling);
  }
}

/** What the user asked for can't be done as asked: an option out of range, an empty prompt. Exit code 2. */
export class ConfigError extends WellbegunError {}

/** An engine or model lacks what a strategy or criterion needs. */
export class CapabilityError extends WellbegunError {}

/** A model file is missing, damaged, or not one that the engine can load. */
export class ModelFileError extends WellbegunError {}

/** A download did not succeed from any source. */
export class DownloadError extends WellbegunError {}

/** The prompt or the response does not fit the model's context. */
export class ContextOverflowError extends WellbegunError {}

/** Where an engine over the network failed, besides the cause. */
export interface EngineErrorDetails extends ErrorOptions {
  /** The server's address, without credentials. */
  readonly url?: string | undefined;
  /** The HTTP status, where the server answered. */
  readonly status?: number | undefined;
  /** The server's own words, shortened and without the key, where it said some. */
  readonly reason?: string | undefined;
  /** True: the same call may succeed later. */
  readonly retryable?: boolean | undefined;
  /** How long the server asked to be left alone. */
  readonly retryAfterMs?: number | undefined;
}

/** An engine failed while it worked. */
export class EngineError extends WellbegunError {
  readonly engine: string;
  readonly url: string | undefined;
  readonly status: number | undefined;
  readonly reason: string | undefined;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;

  constructor(engine: string, code: string, message: string, details: EngineErrorDetails = {}) {
    super(code, message, details);
    this.engine = engine;
    this.url = details.url;
    this.status = details.status;
    this.reason = details.reason;
    this.retryable = details.retryable ?? false;
    this.retryAfterMs = details.retryAfterMs;
  }
}
