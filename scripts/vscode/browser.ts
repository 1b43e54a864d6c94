import { access, constants } from 'node:fs/promises';
import { ObstacleError } from './obstacle';
import { runCommand } from './run-command';

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/**
 * The Chromium that shows the workbench: the one CHROMIUM names, else an installed one, else Debian's, installed on the
 * spot where that is possible (root, with apt).
 * @returns the program's path.
 * @throws {ObstacleError} saying what to install
 */
export async function ensureBrowser(log: (line: string) => void, env = process.env): Promise<string> {
  if (env.CHROMIUM) {
    if (await isExecutable(env.CHROMIUM)) {
      return env.CHROMIUM;
    }
    throw new Error(`CHROMIUM names ${env.CHROMIUM}, which is not a program that can be run`);
  }
  for (const candidate of CANDIDATES) {
    if (await isExecutable(candidate)) {
      return candidate;
    }
  }
  return installFromDebian(log);
}

async function installFromDebian(log: (line: string) => void): Promise<string> {
  const [installed] = CANDIDATES;
  if (process.getuid?.() === 0 && (await isExecutable('/usr/bin/apt-get')) && installed) {
    log('Installing Chromium from Debian (once)');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await apt(['update'], env);
    await apt(['install', '-y', '--no-install-recommends', 'chromium'], env);
    if (await isExecutable(installed)) {
      return installed;
    }
  }
  throw new ObstacleError(
    'No Chromium found: install it (Debian: apt-get install chromium) or name one in CHROMIUM',
  );
}

async function apt(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  try {
    // Another run may be installing at the moment, and has the lock.
    await runCommand('apt-get', ['-o', 'DPkg::Lock::Timeout=600', ...args], { env });
  } catch (error) {
    throw new ObstacleError(`Chromium could not be installed: ${messageOf(error)}`, { cause: error });
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
