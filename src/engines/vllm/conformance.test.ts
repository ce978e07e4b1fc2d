import { fakeVllm } from '../../../test/fixtures/fake-servers/fake-vllm.ts';
import { describeServerModel } from '../../../test/fixtures/fake-servers/describe-server-model.ts';
import { openVllmModel } from './open-vllm-model.ts';

describeServerModel('vllm', fakeVllm, openVllmModel);
