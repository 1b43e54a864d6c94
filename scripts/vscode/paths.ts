import { homedir } from 'node:os';
import path from 'node:path';

/** The repository's root folder. */
export const REPO = path.resolve(__dirname, '../..');

/** Git-ignored outputs of the scripts (bundled suites, packages, screenshots) stand here. */
export const LOCAL_CACHE = path.join(REPO, '.cache');

/**
 * Where downloaded programs are kept between runs: STEPLENS_CACHE, else `~/.cache/steplens`. Outside the repository
 * and its node_modules on purpose, because `npm ci` wipes the latter and a fresh clone should not download again.
 */
export function programCache(env: NodeJS.ProcessEnv = process.env): string {
  return path.resolve(env.STEPLENS_CACHE || path.join(homedir(), '.cache', 'steplens'));
}
