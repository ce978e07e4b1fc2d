/** A key is kept in memory only, and goes to the gateway in a header. */
let key = '';

export function holdKey(text: string): void {
  key = text.trim();
}

/** A refusal of the gateway, or that there is none. */
export class AskError extends Error {
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

/** @throws AskError in a sentence; AbortError */
export async function ask(path: string, body?: object, signal?: AbortSignal): Promise<Response> {
  const response = await reach(path, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(key !== '' && { authorization: `Bearer ${key}` }),
    },
    ...(signal && { signal }),
  });
  if (response.ok) return response;
  throw new AskError(await reasonOf(response), response.status);
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw error;
    throw new AskError('The gateway can not be reached: start it again, then ask again.');
  }
}

async function reasonOf(response: Response): Promise<string> {
  const body = (await response.json().catch(() => ({}))) as { readonly error?: { readonly message?: unknown } };
  const { message } = body.error ?? {};
  return typeof message === 'string' ? message : `The gateway answered ${response.status}: ask again.`;
}
