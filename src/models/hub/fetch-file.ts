import { open, rm, stat } from 'node:fs/promises';
import { ModelError } from '../model-error';
import { checked } from './checksum';
import { backOff, type HubOptions, hubFetch, MAX_ATTEMPTS, networkReason, pause, SILENCE_MS } from './http';
import { type HubFile, type Repository, statusError } from './repository';

/**
 * Downloads one file to `path`, going on where an earlier attempt left it, and checks it.
 * @param onBytes told with the bytes that are there so far
 * @returns its SHA-256
 * @throws {ModelError} where it cannot be had, or is not what the hub says; what came is kept unless it is wrong
 */
export async function fetchFile(
  repository: Repository,
  file: HubFile,
  path: string,
  options: HubOptions,
  onBytes: (bytes: number) => void = () => undefined,
): Promise<string> {
  const { endpoint, signal } = options;
  for (let round = 0; round < 2; round++) {
    let failures = 0;
    for (let have = await sizeOf(path); have < file.bytes || file.bytes === 0; ) {
      signal?.throwIfAborted();
      const reason = await fetchRest(repository, file, path, have, options, onBytes);
      const now = await sizeOf(path);
      if (reason === undefined) break;
      failures = now > have ? 1 : failures + 1;
      have = now;
      if (failures >= MAX_ATTEMPTS) {
        throw new ModelError(
          `${file.path}: the connection to ${new URL(endpoint).host} breaks again and again (${reason}). What was downloaded ` +
            'is kept: the same command goes on later',
        );
      }
      await pause(options, `${file.path}: the connection broke (${reason})`, backOff(failures));
    }
    const sha256 = await checked(path, file, signal);
    if (sha256 !== undefined) return sha256;
    await rm(path, { force: true }); // what is wrong is of no use to go on from
    onBytes(0);
  }
  throw new ModelError(
    `${file.path} of ${repository.name} is not what the hub says it is (${file.hash.kind} ${file.hash.hex.slice(0, 12)}…), twice: ` +
      'a proxy or a mirror changes it; nothing of it is kept',
  );
}

/** Appends what is missing. @returns why that ended too early; undefined where it came to its end */
async function fetchRest(
  { name, revision }: Repository,
  file: HubFile,
  path: string,
  have: number,
  options: HubOptions,
  onBytes: (bytes: number) => void,
): Promise<string | undefined> {
  const silence = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const listen = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(new Error('no data')), SILENCE_MS);
  };
  const address = `${options.endpoint}/${name}/resolve/${revision}/${file.path.split('/').map(encodeURIComponent).join('/')}`;
  const response = await hubFetch(options)(address, {
    signal: silence.signal,
    headers: { 'Accept-Encoding': 'identity', ...(have > 0 ? { Range: `bytes=${have}-` } : {}) },
  });
  if (response.status === 416) {
    await rm(path, { force: true }); // there is more here than there
    return 'it is shorter than it was';
  }
  if (!response.ok || !response.body)
    throw statusError(response.status, name, options.endpoint, options.token !== undefined);
  const goesOn = response.status === 206 && startOf(response) === have;
  if (response.status === 206 && !goesOn) {
    await response.body.cancel();
    return 'it sends another part of the file';
  }
  const handle = await open(path, goesOn ? 'a' : 'w'); // a server without ranges begins anew
  let bytes = goesOn ? have : 0;
  try {
    listen();
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      listen();
      options.signal?.throwIfAborted();
      bytes += chunk.byteLength;
      if (bytes > file.bytes) return undefined; // it never ends: the check will say that it is wrong
      await handle.appendFile(chunk);
      onBytes(bytes);
    }
    return bytes < file.bytes ? 'it ended too early' : undefined;
  } catch (error) {
    options.signal?.throwIfAborted();
    if (isFileError(error)) throw new ModelError(`${path} cannot be written: ${error.message}`);
    return networkReason(error);
  } finally {
    clearTimeout(timer);
    await handle.close();
  }
}

/** The first byte of a partial answer. */
function startOf(response: Response): number | undefined {
  const [, start] = /^bytes (\d{1,16})-/.exec(response.headers.get('Content-Range') ?? '') ?? [];
  return start === undefined ? undefined : Number(start);
}

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => undefined))?.size ?? 0;

const isFileError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error &&
  ['ENOSPC', 'EACCES', 'EROFS', 'EDQUOT', 'EFBIG', 'EIO'].includes(
    (error as NodeJS.ErrnoException).code ?? '',
  );
