import { describeServedReward } from '../describe-served-reward.ts';
import { environment, startVllm } from './vllm-process.ts';

describeServedReward({
  engine: 'vllm',
  environment,
  start: (folder) => startVllm(folder, 'tiny-reward', ['--runner', 'pooling', '--dtype', 'float32']),
  reference: (url) => `vllm:${url}`,
});
