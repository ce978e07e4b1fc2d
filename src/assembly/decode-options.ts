import type { ChatMessage } from '../core/prompt-format.ts';
import type { DecodingSettings } from '../settings/decoding.ts';

/** One response, in a user's words. Give `prompt`, or `messages` for a conversation. */
export interface DecodeOptions extends DecodingSettings {
  readonly prompt?: string | undefined;
  readonly messages?: readonly ChatMessage[] | undefined;
  readonly signal?: AbortSignal | undefined;
}
