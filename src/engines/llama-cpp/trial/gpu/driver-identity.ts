import { readdir, readFile, stat } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';

/** Names are enough: which cards this process can reach. */
const DEVICE_FOLDERS = ['/dev', '/dev/dri'];
const DEVICE = /^(nvidia\d+|renderD\d+|kfd|dxg)$/;
const NVIDIA_VERSION = '/proc/driver/nvidia/version';
const NVIDIA_CARDS = '/proc/driver/nvidia/gpus';
const VULKAN_DRIVERS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'];
const DRIVER_FILES = [
  '/usr/lib/wsl/lib/libcuda.so.1',
  join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'nvcuda.dll'),
  join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32', 'vulkan-1.dll'),
];
/** They choose among cards and drivers. */
const VARIABLES = /^(CUDA|GGML|NVIDIA|VK)_/;

/**
 * What tells drivers and cards apart without opening a library, which a process can do only once; a part that is not here
 * leaves nothing.
 */
export async function driverIdentity(env: NodeJS.ProcessEnv = process.env): Promise<string[]> {
  const devices = await Promise.all(DEVICE_FOLDERS.map(namesIn));
  const cards = (await namesIn(NVIDIA_CARDS)).map((card) =>
    readLine(join(NVIDIA_CARDS, card, 'information'), /Model.*/),
  );
  const manifests = await Promise.all(
    VULKAN_DRIVERS.map(async (folder) => (await namesIn(folder)).map((name) => join(folder, name))),
  );
  return [
    release(),
    ...devices.flat().filter((name) => DEVICE.test(name)),
    ...(await Promise.all([readLine(NVIDIA_VERSION, /.+/), ...cards])),
    ...(await Promise.all([...manifests.flat(), ...DRIVER_FILES].map(stamp))),
    ...Object.keys(env)
      .filter((name) => VARIABLES.test(name))
      .sort()
      .map((name) => `${name}=${env[name]}`),
  ];
}

async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).sort();
}

async function readLine(path: string, pattern: RegExp): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return pattern.exec(text)?.[0] ?? '';
}

async function stamp(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found ? `${path} ${found.size} ${found.mtimeMs}` : '';
}
