/** A table for docs and for the terminal: Markdown is read in both. */
export interface Table {
  /** Names the place in docs/evaluation.md that it belongs to. */
  readonly name: string;
  readonly title: string;
  /** The first row is the head. */
  readonly rows: readonly (readonly string[])[];
}

/** The table in Markdown, its columns padded so that it can also be read as it is. */
export function markdown({ rows }: Table): string {
  const escaped = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const [head = []] = escaped;
  const widths = head.map((_, column) => Math.max(3, ...escaped.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |\n`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|\n`;
  return line(head) + rule + escaped.slice(1).map(line).join('');
}
