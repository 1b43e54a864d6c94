import { findSourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Rewrites a stack's positions in the bundled suite to those in the test files. Node would do so itself, but the extension host
 * formats stacks in a way of its own.
 */
export function mapStack(stack: string, bundle: string): string {
  const map = findSourceMap(bundle);
  const isHere = (line: string) => !/^\s+at .*(node_modules|node:internal|extensionHostProcess)/.test(line);
  return stack
    .split('\n')
    .filter(isHere)
    .map((line) => {
      const [text, row, column] = /:(\d+):(\d+)\)?$/.exec(line) ?? [];
      const at = text === undefined ? -1 : line.indexOf(bundle);
      if (!map || at < 0) {
        return line;
      }
      const entry = map.findEntry(Number(row) - 1, Number(column) - 1);
      if (!('originalSource' in entry)) {
        return line;
      }
      const source = entry.originalSource.startsWith('file:')
        ? fileURLToPath(entry.originalSource)
        : entry.originalSource;
      const close = text?.endsWith(')') ? ')' : '';
      return `${line.slice(0, at)}${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}${close}`;
    })
    .join('\n');
}
