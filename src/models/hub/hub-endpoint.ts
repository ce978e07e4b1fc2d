import { ConfigError } from '../../core/errors.ts';
import type { HubLocation } from './hub-location.ts';

/** @throws ConfigError when `HF_ENDPOINT` is no http(s) address, or holds a password; it is not repeated then. */
export function hubEndpoint(env: NodeJS.ProcessEnv = process.env): string {
  const value = env['HF_ENDPOINT']?.trim() || 'https://huggingface.co';
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    const form = 'an http or https address without user name and password, like https://huggingface.co';
    throw new ConfigError('invalid-hub-endpoint', `HF_ENDPOINT must be ${form}.`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Where the hub serves the bytes of a file, by way of a redirect. */
export function hubFileUrl(endpoint: string, { repository, revision, file }: HubLocation): string {
  const path = file.split('/').map(encodeURIComponent).join('/');
  return `${endpoint}/${repository}/resolve/${encodeURIComponent(revision ?? 'main')}/${path}`;
}
