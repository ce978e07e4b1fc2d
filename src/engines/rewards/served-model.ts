import { z } from 'zod';
import { EngineError } from '../../core/errors.ts';
import type { HttpClient } from '../http/http-client.ts';

const models = z.object({ data: z.array(z.object({ id: z.string() })) });

/** The name of the first model that a server lists at `/v1/models`. @throws EngineError */
export async function servedModel(client: HttpClient, path: string, signal?: AbortSignal): Promise<string> {
  const { data } = await client.get(path, models, { signal });
  const [first] = data;
  if (first) return first.id;
  const { engine, url } = client.server;
  throw new EngineError(engine, 'no-model', `${engine} at ${url} has no model loaded.`, { url });
}
