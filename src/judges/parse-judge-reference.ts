import { parseServerReference, SERVER_ENGINES, type ServerReference } from '../assembly/server-reference.ts';
import { ConfigError } from '../core/errors.ts';
import { settingName } from '../core/setting-name.ts';

/**
 * Reads how a user names a judge: `URL#model`, or with the kind of its server before it, as in `vllm:URL#model`.
 *
 * @throws ConfigError for what names no server
 */
export function parseJudgeReference(value: string): ServerReference {
  const named = /^https?:/.test(value) ? `chat:${value}` : value;
  const reference = parseServerReference(named, 'judge');
  if (reference) return reference;
  throw new ConfigError(
    'bad-judge',
    `${settingName('chatJudge')} ${JSON.stringify(value)} names no chat endpoint: write its address, as in https://host/v1#model, or one of ${SERVER_ENGINES.join(', ')} and a colon before it.`,
  );
}
