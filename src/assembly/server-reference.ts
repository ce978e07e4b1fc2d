import { settingName } from '../core/setting-name.ts';
import { parseServerAddress, type ServerAddress } from '../engines/http/server-address.ts';

export const SERVER_ENGINES = ['vllm', 'sglang', 'llama-server', 'openai', 'chat'] as const;

export type ServerEngine = (typeof SERVER_ENGINES)[number];

/** A model on a server: `vllm:http://host:port[#model]` and the like. */
export interface ServerReference {
  readonly engine: ServerEngine;
  readonly address: ServerAddress;
}

/** Whether this names a model on a server. */
export function isServer(value: string): boolean {
  return engineOf(value) !== undefined;
}

/**
 * Reads what a user wrote to name a base, a draft, an aligner or a judge; undefined where it names a model of this machine.
 *
 * @throws ConfigError for a server's address that is none
 */
export function parseServerReference(
  value: string,
  role: 'base' | 'draft' | 'aligner' | 'judge',
): ServerReference | undefined {
  const engine = engineOf(value);
  if (engine === undefined) return undefined;
  return { engine, address: parseServerAddress(value.slice(engine.length + 1), `${settingName(role)} ${engine}:`) };
}

function engineOf(value: string): ServerEngine | undefined {
  return SERVER_ENGINES.find((name) => value.startsWith(`${name}:`));
}
