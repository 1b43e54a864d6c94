import { win32 } from 'node:path';
import { ModelError } from './model-error';

/** One part of a model's name: what every file system takes, and nothing that leaves a folder. */
const PART = /^[A-Za-z0-9_][A-Za-z0-9._@-]{0,95}$/;
/** Names that Windows keeps for devices, whatever their ending. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Whether it can be a model's name in the storage folder: `NAME` or `OWNER/NAME`. */
export function isModelName(name: string): boolean {
  const parts = name.split('/');
  return parts.length <= 2 && parts.every(isPart);
}

/**
 * A repository of the hub.
 * @throws {ModelError} where it is not of the form OWNER/NAME
 */
export function repositoryName(name: string): string {
  const parts = name.replace(/^https?:\/\/[^/]+\//, '').split('/');
  if (parts.length === 2 && parts.every((part) => isPart(part) && !part.includes('@')))
    return parts.join('/');
  throw new ModelError(
    `${JSON.stringify(name.slice(0, 100))} is no repository of the hub: it takes OWNER/NAME`,
  );
}

/**
 * Whether a repository's file may be written below a folder under this name. Both kinds of path are looked at wherever
 * we run.
 */
export function isSafeFile(path: string): boolean {
  if (path.length > 500 || win32.isAbsolute(path) || path.includes('\\') || path.includes(':')) return false;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\u007f<>"|?*]/.test(path)) return false;
  return path
    .split('/')
    .every((part) => part !== '' && !/^\.+$/.test(part) && !/[. ]$/.test(part) && !DEVICE.test(part));
}

function isPart(part: string): boolean {
  return PART.test(part) && !part.includes('..') && !part.endsWith('.') && !DEVICE.test(part);
}
