// Before the clients of a deployment: a draft on vLLM, which several requests share.
import { catalogue } from '../../../src/models/catalogue.ts';
import { describeServedDraft } from '../describe-served-draft.ts';
import { environment, startVllm } from './vllm-process.ts';

const { draft } = catalogue.defaultPair;

describeServedDraft({
  server: 'vLLM',
  async start() {
    await environment.install();
    return await startVllm(await environment.modelFolder(draft), draft, ['--dtype', 'float32']);
  },
  engines: ['chat', 'vllm'],
  async running(url) {
    const metrics = await (await fetch(`${url}/metrics`)).text();
    return Number(/^vllm:num_requests_running\{.*\} (\S+)$/m.exec(metrics)![1]);
  },
});
