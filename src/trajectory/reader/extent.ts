import type { PlainText } from '../placed';
import type { SourceText, Trajectory } from '../trajectory';

/**
 * Gives each of several traces in one record its own stretch of the file and line: from its question (unless that stands
 * before the trace ahead, as a question that several solutions share does) or its first step, to the end of its last
 * step. A trace without places keeps those of the record.
 */
export function withExtents(
  trajectories: readonly Trajectory[],
  source: PlainText,
  line: number,
): Trajectory[] {
  if (trajectories.length < 2) return [...trajectories];
  const lineOf = lineFinder(source, line);
  let behind = source.base;
  return trajectories.map((trajectory) => {
    const steps = bounds(trajectory.steps);
    if (!steps) return trajectory;
    const question = bounds([trajectory.question]);
    const start = question && question.start >= behind ? Math.min(question.start, steps.start) : steps.start;
    behind = Math.max(behind, steps.end);
    return { ...trajectory, line: lineOf(start), span: { start, end: steps.end, escapes: 0 } };
  });
}

function bounds(texts: readonly SourceText[]): { start: number; end: number } | undefined {
  let start = Number.POSITIVE_INFINITY;
  let end = -1;
  for (const { spans } of texts) {
    for (const span of spans) {
      start = Math.min(start, span.start);
      end = Math.max(end, span.end);
    }
  }
  return end < 0 ? undefined : { start, end };
}

/** Lines by file offset. The line breaks are looked for once for all traces of the record. */
function lineFinder({ text, base }: PlainText, first: number): (offset: number) => number {
  const breaks: number[] = [];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) breaks.push(base + at);
  return (offset) => {
    let low = 0;
    let high = breaks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((breaks[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return first + low;
  };
}
