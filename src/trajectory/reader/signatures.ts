/** How JSON values that follow each other begin: by this the next one is found behind a broken one. */

export const MAX_SIGNATURES = 16;
export const LONGEST_SIGNATURE = 128;

/** An object behind another one or at the beginning of a list. */
export const OBJECT = /[,[]\s{0,32}\{\s{0,32}"/g;

/** Searches a text for several strings at once; what was found or not found is remembered as long as the text is the same. */
export class Search {
  private text = '';
  private readonly places = new Map<string, number>();

  /** The first place from `from` on at which any of the strings stands. `from` never decreases in the same text. */
  first(strings: Iterable<string>, text: string, from: number): number | undefined {
    if (text !== this.text) this.places.clear();
    this.text = text;
    let first = Number.POSITIVE_INFINITY;
    for (const string of strings) {
      let at = this.places.get(string) ?? -1;
      if (at < from) {
        const found = text.indexOf(string, from);
        at = found < 0 ? Number.POSITIVE_INFINITY : found;
        this.places.set(string, at);
      }
      first = Math.min(first, at);
    }
    return first === Number.POSITIVE_INFINITY ? undefined : first;
  }
}

export const firstKey = (text: string): string | undefined => /"[^"]*"/.exec(text)?.[0];

/** The line break and the indentation in front of an object that begins a line, with its brace. */
export function lineStartOf(text: string, at: number): string | undefined {
  const before = text.slice(Math.max(0, at - 64), at + 1);
  const line = before.lastIndexOf('\n');
  const start = before.slice(line);
  return line >= 0 && start.trim() === '{' ? start : undefined;
}

/** How an object begins, up to the colon behind its first property name. */
export function signatureOf(text: string): string | undefined {
  return /^\{\s{0,32}"[^"\\\n]{1,80}"\s{0,8}:/.exec(text.slice(0, 200))?.[0];
}
