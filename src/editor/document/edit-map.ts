/** A stretch of the old text [oldStart, oldEnd) that now has `newLength` characters. */
interface Replaced {
  readonly oldStart: number;
  readonly oldEnd: number;
  readonly newLength: number;
}

/** One change as VS Code tells it: in the text as it was just before. UTF-16 code units. */
export interface TextChange {
  readonly rangeOffset: number;
  readonly rangeLength: number;
  readonly text: string;
}

/**
 * What has happened to a text since it was last read: where its characters are now. Changes that touch each other are
 * kept as one, so an hour's typing in one place costs one entry.
 */
export class EditMap {
  /** Sorted, apart from each other. */
  private replaced: readonly Replaced[] = [];

  get isEmpty(): boolean {
    return this.replaced.length === 0;
  }

  apply({ rangeOffset: start, rangeLength, text }: TextChange): void {
    const end = start + rangeLength;
    const before: Replaced[] = [];
    const after: Replaced[] = [];
    let shift = 0; // how far the text right before the change has moved so far
    let merged = { oldStart: start, oldEnd: end, newLength: text.length };
    let any = false;
    for (const entry of this.replaced) {
      const newStart = entry.oldStart + shift;
      const newEnd = newStart + entry.newLength;
      const grown = entry.newLength - (entry.oldEnd - entry.oldStart);
      if (newEnd < start) before.push(entry);
      else if (newStart > end) after.push(entry);
      else {
        const kept = Math.max(0, start - newStart) + Math.max(0, newEnd - end);
        merged = {
          oldStart: any ? merged.oldStart : Math.min(entry.oldStart, start - shift),
          oldEnd: Math.max(entry.oldEnd, end - shift - grown),
          newLength: (any ? merged.newLength : text.length) + kept,
        };
        any = true;
      }
      if (newStart <= end) shift += grown;
    }
    if (!any) {
      const moved = before.reduce((sum, e) => sum + e.newLength - (e.oldEnd - e.oldStart), 0);
      merged = { oldStart: start - moved, oldEnd: end - moved, newLength: text.length };
    }
    this.replaced = [...before, merged, ...after];
  }

  /** Where a stretch of the old text is now. One whose ends were replaced covers what replaced them. */
  map(start: number, end: number): { readonly start: number; readonly end: number } {
    return { start: this.place(start, 'start'), end: this.place(end, 'end') };
  }

  /** Whether anything in the old stretch, or right at its ends, was changed. */
  touches(start: number, end: number): boolean {
    return this.replaced.some((entry) => entry.oldStart <= end && entry.oldEnd >= start);
  }

  private place(offset: number, side: 'start' | 'end'): number {
    let shift = 0;
    for (const { oldStart, oldEnd, newLength } of this.replaced) {
      if (offset < oldStart) break;
      if (offset <= oldEnd) return oldStart + shift + (side === 'start' ? 0 : newLength);
      shift += newLength - (oldEnd - oldStart);
    }
    return offset + shift;
  }
}
