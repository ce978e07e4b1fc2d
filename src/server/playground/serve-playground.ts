import { extname } from 'node:path';
import type { Context, Next } from 'hono';
import type { GatewayEnv } from '../gateway-env.ts';
import type { PlaygroundFiles } from './playground-files.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
};

/** Nothing from elsewhere, nothing inline, and no page around it. */
const POLICY = [
  ...["default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "img-src 'self' data:"],
  ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
].join('; ');

/** The page at `/` for those who take HTML, and its files; all else is left to the others. No key: it has no secrets. */
export function servePlayground(files: PlaygroundFiles) {
  return async (c: Context<GatewayEnv>, next: Next): Promise<Response | undefined> => {
    const path =
      c.req.path === '/' && c.req.header('accept')?.includes('text/html') ? 'index.html' : c.req.path.slice(1);
    const body = c.req.method === 'GET' ? files.get(path) : undefined;
    if (!body) {
      await next();
      return undefined;
    }
    return c.body(body, 200, {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      // Assets have a hash of their content in their names.
      'cache-control': path.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    });
  };
}
