import { join } from 'node:path';
import { describeServedReward } from '../describe-served-reward.ts';
import { environment, startSglang } from './sglang-process.ts';

describeServedReward({
  engine: 'sglang',
  environment,
  start: (folder) => startSglang(folder, 'tiny-reward', ['--is-embedding', '--dtype', 'float32']),
  reference: (url, folder) => `sglang:${url}#template=${encodeURIComponent(join(folder, 'chat_template.jinja'))}`,
});
