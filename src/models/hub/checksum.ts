import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { HubFile } from './repository';

/** Whether a file is what the hub says it is. @returns its SHA-256, or undefined where it is not */
export async function checked(
  path: string,
  { bytes, hash }: HubFile,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const known = await stat(path).catch(() => undefined);
  if (known?.size !== bytes) return undefined;
  const sha256 = createHash('sha256');
  const git = createHash('sha1').update(`blob ${bytes}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    signal?.throwIfAborted();
    sha256.update(chunk);
    if (hash.kind === 'git') git.update(chunk);
  }
  const hex = sha256.digest('hex');
  return (hash.kind === 'git' ? git.digest('hex') : hex) === hash.hex ? hex : undefined;
}
