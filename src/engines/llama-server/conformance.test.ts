import { fakeLlamaServer } from '../../../test/fixtures/fake-servers/fake-llama-server.ts';
import { describeServerModel } from '../../../test/fixtures/fake-servers/describe-server-model.ts';
import { openLlamaServerModel } from './open-llama-server-model.ts';

describeServerModel('llama-server', { dialect: fakeLlamaServer(), open: openLlamaServerModel, tokenizer: 'server' });
