import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkOptions } from '../../assembly/check-options.ts';
import { modelsNeeded, type StrategyChoice, strategyText, textsAtOnce } from '../../assembly/create-strategy.ts';
import type { DecodeOptions } from '../../assembly/decode-options.ts';
import { ConfigError } from '../../core/errors.ts';
import { assertWritable, writeJsonFile } from '../../storage/write-json-file.ts';
import { readConversation } from '../read-input.ts';
import { withSetting } from './chat-setting.ts';
import { Conversation } from './conversation.ts';

/** What a person may change while the models stay loaded. */
export class ChatSession {
  readonly conversation: Conversation;
  #options: DecodeOptions;
  /** The strategy that the models were loaded for. */
  readonly #loadedFor: StrategyChoice;
  readonly #reward: string | undefined;
  /** Files of this session, which may be written again. */
  readonly #files = new Set<string>();

  /** @param options of decoding, without what is asked */
  constructor({ system, ...options }: DecodeOptions, { reward }: { readonly reward?: string | undefined }) {
    this.conversation = new Conversation(system === undefined ? [] : [{ role: 'system', content: system }]);
    this.#options = options;
    this.#loadedFor = options.strategy ?? 'wsd';
    this.#reward = reward;
  }

  get options(): DecodeOptions {
    return this.#options;
  }

  /** @throws ConfigError for what is no setting, or out of range */
  set(words: string): void {
    this.#change(withSetting(this.#options, words));
  }

  /** @throws ConfigError for what is no strategy, or one that needs other models than were loaded */
  choose(strategy: string): void {
    const loaded = modelsNeeded(this.#loadedFor, { reward: this.#reward });
    const missing = modelsNeeded(strategy).find((role) => !loaded.includes(role));
    if (missing !== undefined || textsAtOnce(strategy) > textsAtOnce(this.#loadedFor)) {
      const reason = missing === undefined ? 'works on more texts at once' : `needs a ${missing}`;
      throw new ConfigError(
        'other-models',
        `${strategy} ${reason}, and the models were loaded for ${strategyText(this.#loadedFor)}: begin anew with chat --strategy ${strategy}.`,
      );
    }
    this.#change({ ...this.#options, strategy });
  }

  /** Writes the conversation as `run --messages` reads it. @throws ConfigError for a file that is somebody else's */
  async save(path: string): Promise<void> {
    if (path === '') throw new ConfigError('no-file', '/save takes the name of a file, as in /save talk.json.');
    if (existsSync(path) && !this.#files.has(resolve(path))) {
      throw new ConfigError('file-exists', `/save: ${path} is there already: name another file.`);
    }
    await assertWritable(path, '/save');
    await writeJsonFile(path, this.conversation.messages, '/save');
    this.#files.add(resolve(path));
  }

  /** @throws ConfigError for what is no conversation */
  async load(path: string): Promise<void> {
    if (path === '') throw new ConfigError('no-file', '/load takes the name of a file, as in /load talk.json.');
    this.conversation.replace(await readConversation(path, '/load'));
    this.#files.add(resolve(path));
  }

  #change(options: DecodeOptions): void {
    checkOptions({ ...options, prompt: 'any' });
    this.#options = options;
  }
}
