import { fakeOpenai } from '../../../test/fixtures/fake-servers/fake-openai.ts';
import { describeServerModel } from '../../../test/fixtures/fake-servers/describe-server-model.ts';
import { openOpenaiModel } from './open-openai-model.ts';

for (const chatLogprobs of [false, true]) {
  describeServerModel(`openai${chatLogprobs ? ' with logprobs as in chat completions' : ''}`, {
    dialect: fakeOpenai({ chatLogprobs }),
    open: openOpenaiModel,
    tokenizer: 'file',
    lacks: { topK: 'legacy completions have no top_k' },
  });
}
