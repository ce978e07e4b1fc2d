import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HttpClient } from '../../src/engines/http/http-client.ts';
import type { NetworkModel } from '../../src/engines/network/network-model.ts';
import type { NextTokenSource } from '../../src/engines/network/next-token-reader.ts';
import type { ServerProcess } from '../../scripts/start-server.ts';

export interface TextEnds {
  readonly engine: string;
  readonly server: () => ServerProcess;
  readonly open: () => Promise<NetworkModel>;
  readonly source: (client: HttpClient, model: NetworkModel) => NextTokenSource;
}

/** Which tokens end a text: no conformance test has them among the most likely. */
export function describeTextEnds({ engine, server, open, source }: TextEnds): void {
  void test(`${engine} tells which control token ends a text`, async () => {
    const model = await open();
    const client = new HttpClient({ engine, url: server().url });
    try {
      const [bos, eos] = await model.encode([{ text: '<bos><eos>', control: true }]);
      const prefix = [bos!, ...(await model.encode([{ text: 'Rain fell.', control: false }]))];
      const tokens = source(client, model);
      assert.deepEqual(
        [
          await tokens.endsText(prefix, eos!, {}),
          await tokens.endsText(prefix, bos!, {}),
          await tokens.endsText(prefix, prefix[1]!, {}),
        ],
        [true, false, false],
      );
      const anew = await open();
      const unseen = await anew.decode([bos!, eos!]).finally(() => anew.close());
      assert.deepEqual(
        unseen.map(({ length }) => length),
        [0, 0],
      );
    } finally {
      await client.close();
      await model.close();
    }
  });
}
