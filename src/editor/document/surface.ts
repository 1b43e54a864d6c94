import type * as vscode from 'vscode';
import type { Trace } from './trace';
import type { TraceDocument } from './trace-document';

/** A stretch of a shown text, in UTF-16 code units: `start` inclusive, `end` exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** A trace as it stands in a shown text. */
export interface ShownTrace extends Stretch {
  readonly trace: Trace;
  /** Where each step's text stands; a step without a place, or with several, has none or several. */
  steps(): readonly (readonly Stretch[])[];
}

/**
 * A text document in which traces can be seen: the trace file, or a readable view of one trace. Decorations, hovers,
 * lenses and diagnostics work on surfaces, so that they are the same everywhere.
 */
export interface Surface {
  readonly uri: vscode.Uri;
  readonly kind: 'file' | 'readable';
  /** The file the traces come from. */
  readonly source: TraceDocument;
  /** In the order of the text. */
  readonly shown: readonly ShownTrace[];
}

/** Those of sorted stretches that share a character or an edge with [start, end]. Found by bisection. */
export function within<T extends Stretch>(stretches: readonly T[], start: number, end: number): readonly T[] {
  let low = 0;
  let high = stretches.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((stretches[middle]?.end ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  let until = low;
  while (until < stretches.length && (stretches[until]?.start ?? 0) <= end) until++;
  return stretches.slice(low, until);
}

/** The trace at a place of a surface; of several in one record the one whose step stands there. */
export function traceAt(surface: Surface, offset: number): ShownTrace | undefined {
  const candidates = within(surface.shown, offset, offset);
  return candidates.find((shown) => stepAt(shown, offset) !== undefined) ?? candidates[0];
}

/** The step at a place; the nearest end counts as inside. */
export function stepAt(shown: ShownTrace, offset: number): number | undefined {
  const index = shown.steps().findIndex((places) => places.some((p) => p.start <= offset && offset <= p.end));
  return index < 0 ? undefined : index;
}
