import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuQuota } from './cpu-quota.ts';
import { defaultThreads } from './machine.ts';

const system = (files: Readonly<Record<string, string>>) => (path: string) => files[path] ?? assert.fail(path);

for (const [name, quota, files] of [
  ['version 2', 1.5, { '/proc/self/cgroup': '0::/kube/pod\n', '/sys/fs/cgroup/kube/pod/cpu.max': '150000 100000\n' }],
  [
    'a group around, of less',
    2,
    {
      '/proc/self/cgroup': '0::/kube/pod\n',
      '/sys/fs/cgroup/kube/pod/cpu.max': '400000 100000\n',
      '/sys/fs/cgroup/kube/cpu.max': '200000 100000\n',
    },
  ],
  ['a container of version 2', 3, { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': '300000 100000\n' }],
  [
    'version 1, whose path is the host’s',
    0.5,
    {
      '/proc/self/cgroup': '5:memory:/docker/ab\n4:cpu,cpuacct:/docker/ab\n0::/\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '50000\n',
      '/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
    },
  ],
  ['no quota in version 2', undefined, { '/proc/self/cgroup': '0::/\n', '/sys/fs/cgroup/cpu.max': 'max 100000\n' }],
  [
    'no quota in version 1',
    undefined,
    {
      '/proc/self/cgroup': '1:cpu:/\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000\n',
    },
  ],
  ['another system', undefined, {}],
] as const) {
  test(`a quota of processors: ${name}`, () => assert.equal(cpuQuota(system(files)), quota));
}

test('as many threads as processors and their quota allow, and at least one', () => {
  assert.equal(defaultThreads({ cores: 16, quota: Infinity }), 8);
  assert.equal(defaultThreads({ cores: 16, quota: 6 }), 6);
  assert.equal(defaultThreads({ cores: 64, quota: 2.9 }), 2);
  assert.equal(defaultThreads({ cores: 2, quota: 0.5 }), 1);
  assert.equal(defaultThreads({ cores: 4, quota: 100 }), 4);
});
