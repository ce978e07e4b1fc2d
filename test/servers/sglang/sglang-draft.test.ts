// A draft on SGLang, which several requests share.
import { catalogue } from '../../../src/models/catalogue.ts';
import { describeServedDraft } from '../describe-served-draft.ts';
import { environment, runningRequests, startSglang } from './sglang-process.ts';

const { draft } = catalogue.defaultPair;

describeServedDraft({
  server: 'SGLang',
  async start() {
    await environment.install();
    return await startSglang(await environment.modelFolder(draft), draft, ['--dtype', 'float32']);
  },
  engines: ['chat', 'sglang'],
  running: runningRequests,
});
