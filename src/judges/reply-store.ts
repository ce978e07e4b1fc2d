import { createHash } from 'node:crypto';
import { z } from 'zod';
import { lineParser } from '../recording/line-parser.ts';
import type { RecordingWords } from '../recording/lock-recording.ts';
import { openRecording, type Recording } from '../recording/open-recording.ts';
import { chatMessage } from '../settings/chat-message.ts';

const failure = z.object({ code: z.string(), message: z.string() });
const likely = z.array(z.array(z.object({ token: z.string(), logprob: z.number() })).readonly()).readonly();

const reply = z.object({
  text: z.string(),
  likely: likely.optional(),
  finishReason: z.string().optional(),
  servedAs: z.string().optional(),
});

const request = z.object({
  messages: z.array(chatMessage),
  maxTokens: z.number(),
  temperature: z.number(),
  topLogprobs: z.number(),
});

const line = z
  .object({
    key: z.string(),
    judge: z.object({ model: z.string(), url: z.string() }),
    repeat: z.int().min(1),
    request,
    /** What the judge said, if it said something. */
    reply: reply.optional(),
    /** Why there is no verdict, where it is not asked again in this run. */
    failure: failure.optional(),
  })
  .refine((fields) => fields.reply !== undefined || fields.failure !== undefined);

/** One reply of a judge, or why there is none, with all that was asked. */
export type ReplyLine = z.infer<typeof line>;
export type ReplyRequest = z.infer<typeof request>;
export type Asked = Pick<ReplyLine, 'judge' | 'repeat' | 'request'>;
/** What is needed of a line once it is on the disk. */
export type StoredReply = Pick<ReplyLine, 'reply' | 'failure'>;

/** Names a reply by everything that it depends on. */
export function replyKey({ judge, repeat, request: asked }: Asked): string {
  const { messages, maxTokens, temperature, topLogprobs } = asked;
  const turns = messages.map(({ role, content }) => [role, content]);
  const parts = [judge.url, judge.model, repeat, turns, maxTokens, temperature, topLogprobs];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Replies that outlive an interruption, by their keys. Only one process at a time writes a file. */
export class ReplyStore {
  readonly #recording: Recording<ReplyLine, string>;
  readonly #replies: ReadonlyMap<string, StoredReply>;

  /**
   * @param retryFailed forget failures, and take them out of the file when the first reply is added
   * @throws ConfigError for a file that holds something else, or is being written; AbortError
   */
  static async open(
    path: string,
    options: Omit<RecordingWords, 'writer' | 'elsewhere'> & { readonly retryFailed?: boolean | undefined },
  ): Promise<ReplyStore> {
    const replies = new Map<string, StoredReply>();
    const recording = await openRecording<ReplyLine, string>(path, {
      ...options,
      writer: 'judge',
      elsewhere: 'name another folder',
      parse: lineParser(line),
      idOf: ({ key }) => key,
      hasFailed: ({ failure: reason }) => reason !== undefined,
      onItem: ({ key, ...stored }) => replies.set(key, { reply: stored.reply, failure: stored.failure }),
    });
    return new ReplyStore(recording, replies);
  }

  private constructor(recording: Recording<ReplyLine, string>, replies: ReadonlyMap<string, StoredReply>) {
    this.#recording = recording;
    this.#replies = replies;
  }

  get(key: string): StoredReply | undefined {
    return this.#replies.get(key);
  }

  /** Resolves once it is on the disk. @throws WellbegunError `disk-full` or `unwritten-file` */
  async add(added: ReplyLine): Promise<void> {
    await this.#recording.append(added);
  }

  async close(): Promise<void> {
    await this.#recording.close();
  }
}
