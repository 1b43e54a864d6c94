import { oneLine } from '../present';

export const READABLE_SCHEME = 'steplens';

/** The parts of a readable view's address: the file and the trace's id in it. */
export interface ReadableAddress {
  readonly source: string;
  readonly id: string;
}

/** `path` names the tab; `query` says what is shown. */
export function toAddress({ source, id }: ReadableAddress): { path: string; query: string } {
  const name = oneLine(id, 60).replace(/[\\/:*?"<>|#%]/g, '_') || 'trace';
  return { path: `/${name}.steplens`, query: JSON.stringify([source, id]) };
}

/** Undefined where the address is not one of ours, as anybody can open a `steplens:` address. */
export function fromAddress(query: string): ReadableAddress | undefined {
  try {
    const value: unknown = JSON.parse(query);
    if (!Array.isArray(value)) return undefined;
    const [source, id] = value;
    return typeof source === 'string' && typeof id === 'string' ? { source, id } : undefined;
  } catch {
    return undefined;
  }
}
