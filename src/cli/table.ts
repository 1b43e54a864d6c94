import { stripVTControlCharacters } from 'node:util';

/** Cells in columns: the first one to the left, the others to the right. An empty row is an empty line. */
export function table(rows: readonly (readonly string[])[], indent = ''): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, width(cell));
  }
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const space = ' '.repeat((widths[column] ?? 0) - width(cell));
        return column === 0 ? cell + space : space + cell;
      })
      .join('  ')
      .trimEnd(),
  );
  return lines.map((line) => `${line === '' ? '' : indent + line}\n`).join('');
}

const width = (cell: string): number => stripVTControlCharacters(cell).length;
