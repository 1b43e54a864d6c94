// What every command needs on a fresh clone: the packages and the bundles. Plain Node, since nothing is installed yet.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Exit code of a test run that this machine cannot do; scripts/vscode/obstacle.ts has the same. */
export const CANNOT_RUN = 69;

/** Runs a command in the repository with its output shown; a failure ends this program with the same code. */
export function run(command, args) {
  const status = statusOf(command, args);
  if (status !== 0) process.exit(status);
}

/** Runs a command in the repository with its output shown; returns its exit code. */
export function statusOf(command, args) {
  const { status, error } = spawnSync(command, args, {
    cwd: ROOT,
    stdio: 'inherit',
    shell: process.platform === 'win32', // npm is a .cmd there
  });
  if (error) throw error;
  return status ?? 1;
}

/** Installs what package-lock.json lists, unless that was done already. */
export function ensurePackages() {
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    console.error(`Steplens needs Node 20 or newer; this is ${process.version}.`);
    process.exit(1);
  }
  const lock = join(ROOT, 'package-lock.json');
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  // Errors only: npm warns that the packaging tools want Node 22, which what they are used for here does not need.
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error']);
}

export function build() {
  run(process.execPath, ['scripts/build.mjs']);
}
