import { type ServerOptions, serverRoot } from '../scoring/model-host';
import type { Settings } from '../settings';
import type { ServerKeys } from './server-keys';

/** Addresses in a text, apart from each other by blanks or commas, in their short form. @throws where one is none */
export const addressesIn = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\s,]+/)
      .filter((part) => part !== '')
      .map(serverRoot),
  ),
];

export const originOf = (root: string): string => new URL(root).origin;

/**
 * The servers that the settings name, with their keys; undefined where they name none. Only settings of this machine count
 * (package.json), so no folder's settings can send a key anywhere.
 * @param urls others than those of the settings
 * @throws where an address is none
 */
export async function serverOptions(
  settings: Settings,
  keys: ServerKeys,
  urls: readonly string[] = settings.get('model.server.urls'),
): Promise<ServerOptions | undefined> {
  if (urls.length === 0) return undefined;
  const roots = urls.map(serverRoot);
  const text = (key: 'model.server.model' | 'model.server.tokenizer') => settings.get(key) || undefined;
  const number = (key: 'model.server.window' | 'model.server.concurrency') => settings.get(key) || undefined;
  const [model, tokenizer] = [text('model.server.model'), text('model.server.tokenizer')];
  const [window, concurrency] = [number('model.server.window'), number('model.server.concurrency')];
  return {
    urls: roots,
    keys: await keys.of(roots.map(originOf)),
    ...(model === undefined ? {} : { model }),
    ...(tokenizer === undefined ? {} : { tokenizer }),
    ...(window === undefined ? {} : { window }),
    ...(concurrency === undefined ? {} : { concurrency }),
  };
}
