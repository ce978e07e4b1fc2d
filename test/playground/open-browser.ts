import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const PLACES = [
  process.env['CHROMIUM'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const executablePath = PLACES.find((path) => path !== '' && existsSync(path));

/** Why the tests are skipped, where they are. */
export const needsBrowser =
  executablePath === undefined
    ? { skip: 'needs Chromium: install it (apt-get install chromium), or name it in CHROMIUM' }
    : { timeout: 100_000 };

export async function openBrowser(): Promise<Browser> {
  // Containers that run as root have no sandbox for Chromium's own processes.
  return await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox', '--disable-gpu'] });
}
