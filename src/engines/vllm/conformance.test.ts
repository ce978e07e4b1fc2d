import { fakeVllm } from '../../../test/fixtures/fake-servers/fake-vllm.ts';
import { describeServerModel } from '../../../test/fixtures/fake-servers/describe-server-model.ts';
import { fakeVllmScaleOut } from '../../../test/fixtures/fake-servers/fake-vllm-scale-out.ts';
import { openVllmModel } from './open-vllm-model.ts';

describeServerModel('vllm', { dialect: fakeVllm, open: openVllmModel, tokenizer: 'server' });
describeServerModel('vllm with a tokenizer file', { dialect: fakeVllm, open: openVllmModel, tokenizer: 'file' });

for (const scoresFromOffset of [false, true]) {
  const name = `vllm with its token endpoint${scoresFromOffset ? ', scoring from an offset,' : ''}`;
  const dialect = fakeVllmScaleOut({ scoresFromOffset });
  // Scores from an offset come as 32-bit floats.
  const common = { dialect, open: openVllmModel, toleranceNats: scoresFromOffset ? 1e-5 : 1e-9 };
  describeServerModel(name, { ...common, tokenizer: 'server' });
  describeServerModel(`${name} with a tokenizer file`, { ...common, tokenizer: 'file' });
}
