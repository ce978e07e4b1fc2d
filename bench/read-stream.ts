import { type Agent, request } from 'node:http';

export interface StreamTimes {
  readonly firstTokenMs: number;
  readonly totalMs: number;
  readonly tokens: number;
}

const BODY = JSON.stringify({ model: 'fast', stream: true, messages: [{ role: 'user', content: 'Say something.' }] });

/** Asks for one stream and reads it to its end. @throws Error for one that is not complete */
export function readStream(url: string, agent: Agent): Promise<StreamTimes> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/v1/chat/completions`, { agent, method: 'POST' }, (reply) => {
      let firstTokenMs: number | undefined;
      let tokens = 0;
      let last = '';
      reply.setEncoding('utf8').on('data', (data: string) => {
        const found = data.split('"content":" token"').length - 1;
        if (found > 0) firstTokenMs ??= performance.now() - start;
        tokens += found;
        last = data;
      });
      reply.on('error', reject).on('end', () => {
        if (reply.statusCode !== 200 || !last.endsWith('data: [DONE]\n\n') || firstTokenMs === undefined) {
          reject(new Error(`status ${String(reply.statusCode)}: ${last.slice(-200)}`));
        } else resolve({ firstTokenMs, totalMs: performance.now() - start, tokens });
      });
    });
    sent.on('error', reject).end(BODY);
  });
}
