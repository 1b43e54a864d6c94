import type { Move } from '../model/movement';

const PLAIN: { readonly [key: string]: Move } = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'rowStart',
  End: 'rowEnd',
  PageUp: 'pageUp',
  PageDown: 'pageDown',
  n: 'nextLow',
  p: 'previousLow',
};

const WITH_CONTROL: { readonly [key: string]: Move } = {
  Home: 'first',
  End: 'last',
  ArrowUp: 'first',
  ArrowDown: 'last',
  ArrowLeft: 'rowStart',
  ArrowRight: 'rowEnd',
};

/** The move that a key asks for, undefined for any other key. Keys as in the ARIA grid pattern, n and p for low steps. */
export function moveFor(event: KeyboardEvent): Move | undefined {
  if (event.altKey) return undefined;
  const table = event.ctrlKey || event.metaKey ? WITH_CONTROL : PLAIN;
  return Object.hasOwn(table, event.key) ? table[event.key] : undefined;
}
