/** The fragment that names a trace of a large file, after the address of the file: its number in the file, from 1. */
const FRAGMENT = /^trace-([1-9]\d{0,14})$/;

/** @param row number of the trace in the file, from 0 */
export const fragmentOf = (row: number): string => `trace-${row + 1}`;

/** Number of the trace, from 0; undefined where the fragment names none. */
export function rowOf(fragment: string): number | undefined {
  const number = FRAGMENT.exec(fragment)?.[1];
  return number === undefined ? undefined : Number(number) - 1;
}
