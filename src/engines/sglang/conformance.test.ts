import { fakeSglang } from '../../../test/fixtures/fake-servers/fake-sglang.ts';
import { describeServerModel } from '../../../test/fixtures/fake-servers/describe-server-model.ts';
import { openSglangModel } from './open-sglang-model.ts';

const SEED = 'SGLang follows a seed only with --enable-deterministic-inference';

for (const incremental of [false, true]) {
  describeServerModel(`sglang${incremental ? ' with incremental streams' : ''}`, {
    dialect: fakeSglang({ incremental }),
    open: openSglangModel,
    tokenizer: 'file',
    lacks: { seed: SEED },
  });
}
