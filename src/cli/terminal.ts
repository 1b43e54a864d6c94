import { stripVTControlCharacters } from 'node:util';

/**
 * Text of a trace made safe for a terminal: no escape sequences, no control characters but tab and line break, no
 * characters that reorder what is read (bidirectional overrides).
 */
export function printable(text: string): string {
  return (
    stripVTControlCharacters(text)
      .replace(/\r\n?/g, '\n')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
  );
}

/** As `printable`, on one line. */
export const oneLine = (text: string): string => printable(text).replace(/\s+/g, ' ').trim();

/** Columns of the terminal behind `stream`, within what is pleasant to read. */
export function columns(stream: NodeJS.WriteStream): number {
  return Math.min(Math.max(stream.columns ?? 100, 40), 120);
}

/** Breaks text into lines of at most `width` characters at white space; a longer word stays whole. */
export function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    const lines: string[] = [];
    let current = '';
    for (const word of line.split(/(?<=\s)/)) {
      if (current !== '' && current.length + word.trimEnd().length > width) {
        lines.push(current.trimEnd());
        current = '';
      }
      current += word;
    }
    return [...lines, current.trimEnd()];
  });
}
