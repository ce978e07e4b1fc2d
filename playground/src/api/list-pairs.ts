import { ask } from './ask.ts';

/** Names of pairs whose two models can be asked alone as well. @throws AskError */
export async function listPairs(): Promise<string[]> {
  const { data } = (await (await ask('v1/models')).json()) as { readonly data: readonly { readonly id: string }[] };
  const ids = new Set(data.map(({ id }) => id));
  return [...ids].filter((id) => ids.has(`${id}:base`) && ids.has(`${id}:draft`));
}
