import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface GatewayProcess {
  readonly url: string;
  /** Bytes of JavaScript memory that are in use, after a collection. */
  heapBytes(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts `fast-gateway.ts`. */
export async function startGateway(tokens: number, paceMs: number): Promise<GatewayProcess> {
  const program = join(import.meta.dirname, 'fast-gateway.ts');
  const child = spawn(process.execPath, ['--expose-gc', program, String(tokens), String(paceMs)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [url] = (await once(child, 'message')) as [string];
  return {
    url,
    async heapBytes() {
      child.send('memory');
      const [bytes] = (await once(child, 'message')) as [number];
      return bytes;
    },
    async stop() {
      child.kill();
      await once(child, 'exit');
    },
  };
}
