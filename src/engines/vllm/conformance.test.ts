import { fakeVllm } from '../../../test/fixtures/fake-servers/fake-vllm.ts';
import { describeServerModel } from '../../../test/fixtures/fake-servers/describe-server-model.ts';
import { openVllmModel } from './open-vllm-model.ts';

describeServerModel('vllm', { dialect: fakeVllm, open: openVllmModel, tokenizer: 'server' });
describeServerModel('vllm with a tokenizer file', { dialect: fakeVllm, open: openVllmModel, tokenizer: 'file' });
