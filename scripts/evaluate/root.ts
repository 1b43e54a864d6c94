import { join, resolve } from 'node:path';

export const ROOT = resolve(__dirname, '../..');

/** Where what models answered is kept. */
export const CACHE = join(ROOT, '.cache', 'evaluation');
