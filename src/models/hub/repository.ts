import { HubApiError, listFiles, modelInfo } from '@huggingface/hub';
import { ModelError } from '../model-error';
import { isSafeFile, repositoryName } from '../names';
import { type HubOptions, hubFetch } from './http';

/** A file of a repository. */
export interface HubFile {
  readonly path: string;
  readonly bytes: number;
  /** What its content must hash to: large files have a SHA-256, small ones Git's hash of a blob. */
  readonly hash: { readonly kind: 'sha256' | 'git'; readonly hex: string };
}

/** A repository of the hub at one commit. */
export interface Repository {
  readonly name: string;
  /** The commit. */
  readonly revision: string;
  /** SPDX identifier, as the model card says it. */
  readonly licence?: string;
  /** Whether its owner wants to be asked before it is downloaded. */
  readonly gated: boolean;
  readonly files: readonly HubFile[];
}

/** More files than any model has. */
const MOST_FILES = 20_000;

/**
 * Reads what there is in a repository. Nothing of it is trusted: a list that names a file outside of its folder is
 * refused as a whole.
 * @throws {ModelError} where there is no such repository, it is not open, or the answer makes no sense
 */
export async function readRepository(
  asked: string,
  options: HubOptions,
  revision?: string,
): Promise<Repository> {
  const name = repositoryName(asked);
  const fetch = hubFetch(options);
  const common = { hubUrl: options.endpoint, fetch };
  try {
    const info = await modelInfo({
      name,
      ...common,
      additionalFields: ['sha', 'cardData', 'tags'],
      ...(revision === undefined ? {} : { revision }),
    });
    const commit = String(info.sha);
    if (!/^[0-9a-f]{40}$/.test(commit))
      throw new ModelError(`${options.endpoint}: its answer names no commit of ${name}`);
    const files: HubFile[] = [];
    for await (const entry of listFiles({ repo: name, recursive: true, revision: commit, ...common })) {
      if (entry.type !== 'file') continue;
      files.push(checkedFile(entry, name));
      if (files.length > MOST_FILES) throw new ModelError(`${name} has more than ${MOST_FILES} files`);
    }
    const licence = licenceOf(info.cardData, info.tags);
    return {
      name,
      revision: commit,
      gated: info.gated !== false && info.gated !== undefined,
      files,
      ...(licence === undefined ? {} : { licence }),
    };
  } catch (error) {
    throw explained(error, name, options);
  }
}

function checkedFile(
  entry: { path: string; size: number; oid?: string; lfs?: { oid: string; size: number } },
  name: string,
): HubFile {
  const { path, lfs, oid } = entry;
  const bytes = lfs?.size ?? entry.size;
  if (typeof path !== 'string' || !isSafeFile(path)) {
    throw new ModelError(
      `${name} has a file with an impossible name, ${JSON.stringify(String(path).slice(0, 100))}: it is not downloaded`,
    );
  }
  const hex = lfs?.oid.replace(/^sha256:/, '') ?? oid ?? '';
  if (!Number.isSafeInteger(bytes) || bytes < 0 || !(lfs ? /^[0-9a-f]{64}$/ : /^[0-9a-f]{40}$/).test(hex)) {
    throw new ModelError(`${name}: the hub says neither size nor hash of ${path}`);
  }
  return { path, bytes, hash: { kind: lfs ? 'sha256' : 'git', hex } };
}

function licenceOf(card: unknown, tags: unknown): string | undefined {
  const said = (card as { license?: unknown } | null | undefined)?.license;
  const tag = Array.isArray(tags)
    ? tags.find((t) => typeof t === 'string' && t.startsWith('license:'))
    : undefined;
  const licence =
    typeof said === 'string' ? said : typeof tag === 'string' ? tag.slice('license:'.length) : undefined;
  return licence?.replace(/[^\w.+ -]/g, '').slice(0, 60) || undefined;
}

/** An error of the hub's library, as one line that says what to do. */
export function explained(error: unknown, name: string, { endpoint, token }: HubOptions): unknown {
  if (error instanceof SyntaxError)
    return new ModelError(`${endpoint} answers with something that is not the hub's: check HF_ENDPOINT`);
  if (!(error instanceof HubApiError)) return error;
  return statusError(error.statusCode, name, endpoint, token !== undefined);
}

/** What an answer with such a status means. */
export function statusError(status: number, name: string, endpoint: string, hasToken: boolean): ModelError {
  const page = `${endpoint}/${name}`;
  if (status === 401 || (status === 403 && !hasToken)) {
    return new ModelError(
      hasToken
        ? `${name}: the hub does not take the token; make a new one in your settings there`
        : `${name} does not exist, is private, or wants its licence accepted: see ${page}, and set HF_TOKEN to a token of yours`,
    );
  }
  if (status === 403)
    return new ModelError(`${name}: your token may not read it; accept its licence on ${page}`);
  if (status === 404)
    return new ModelError(`${name}: there is no such repository, or not this file, on ${endpoint}`);
  return new ModelError(`${name}: ${endpoint} answers ${status}`);
}
