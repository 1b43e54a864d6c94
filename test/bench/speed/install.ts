import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const FOLDER = resolve(import.meta.dirname, '..');

/**
 * Installs the contestants' packages by their own lockfile, where they are not there yet. No install script runs. Not by `npm ci`:
 * it refuses where a registry lacks binaries of platforms that are not this one.
 */
export function installContestants(): void {
  if (existsSync(join(FOLDER, 'node_modules', 'node-llama-cpp'))) return;
  execFileSync('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: FOLDER,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, NODE_LLAMA_CPP_SKIP_DOWNLOAD: 'true' },
  });
}

/** A contestant's package as an ES module, found from the contestants' own folder. */
export async function benchPackage<T>(name: string): Promise<T> {
  const folder = join(FOLDER, 'node_modules', name);
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { exports: unknown };
  const entry = entryOf(exports);
  if (entry === undefined) throw new Error(`${name} has no entry point`);
  return (await import(pathToFileURL(join(folder, entry)).href)) as T;
}

/** The path that `import` in Node takes of a package's `exports`. */
function entryOf(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (typeof exports !== 'object' || exports === null) return undefined;
  const { '.': root, node, import: imported, default: other } = exports as Readonly<Record<string, unknown>>;
  return entryOf(root ?? node ?? imported ?? other);
}
