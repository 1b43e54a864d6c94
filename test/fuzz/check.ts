import {
  checkFields,
  proposeFields,
  type ReadItem,
  type ReadOptions,
  readRecords,
  readSource,
  readTrajectories,
  type SourceText,
  type TraceSource,
  type Trajectory,
} from '../../src/trajectory';

/** Reads a source to its end, and gives what is wrong with what was read. Whatever is thrown is for the caller. */
export async function readChecked(
  source: TraceSource,
  text: string | undefined,
  options: ReadOptions,
): Promise<{ readonly trajectories: Trajectory[]; readonly faults: string[] }> {
  const trajectories: Trajectory[] = [];
  const faults: string[] = [];
  const ids = new Set<string>();
  for await (const item of readTrajectories(source, options)) {
    const fault = checkItem(item, text);
    if (fault) faults.push(fault);
    if (!('trajectory' in item)) continue;
    const { id } = item.trajectory;
    if (ids.has(id)) faults.push(`two traces have the id ${id}`);
    ids.add(id);
    trajectories.push(item.trajectory);
  }
  return { trajectories, faults };
}

/** A trace or a problem as it must be, whatever the file holds; a sentence where it is not. */
function checkItem(item: ReadItem, text: string | undefined): string | undefined {
  if ('problem' in item) {
    const { line, reason } = item.problem;
    return Number.isInteger(line) && line >= 1 && reason !== '' ? undefined : `a problem in line ${line}`;
  }
  const { id, steps, firstError, line, span, negatives, finalAnswer } = item.trajectory;
  if (steps.length === 0) return `${id} has no steps`;
  if (steps.some((step, index) => step.index !== index || step.text.trim() === '')) return `${id}: odd steps`;
  if (firstError !== undefined && (firstError < -1 || firstError >= steps.length))
    return `${id}: first error`;
  if (line < 1 || span.start < 0 || span.end < span.start) return `${id}: its place`;
  if (negatives.some((negative) => typeof negative.text !== 'string')) return `${id}: a negative`;
  if (finalAnswer !== undefined && typeof finalAnswer !== 'string') return `${id}: the final answer`;
  if (text === undefined) return undefined;
  if (span.end > text.length) return `${id} ends behind the file`;
  const misplaced = textsOf(item.trajectory).find((source) => {
    const read = readSource(text, source);
    return read !== undefined && read !== source.text;
  });
  return misplaced && `${id}: the spans of ${JSON.stringify(misplaced.text.slice(0, 40))} give another text`;
}

function textsOf({ question, steps, goldAnswer }: Trajectory): SourceText[] {
  const observed = steps.flatMap(({ observation }) => (observation ? [observation] : []));
  return [question, ...steps, ...observed, ...(goldAnswer ? [goldAnswer] : [])];
}

/** The mapping that is proposed for the first record, if any. */
export async function proposedOptions(source: TraceSource): Promise<ReadOptions> {
  for await (const record of readRecords(source)) {
    if (!('node' in record) || !record.node) continue;
    const { mapping } = proposeFields(record.node);
    return mapping ? { fields: checkFields(mapping) } : {};
  }
  return {};
}

/** What a trace says, whatever its id and place: by this a trace is found again. */
export function contentOf({ question, steps }: Trajectory): string {
  return JSON.stringify([question.text, steps.map(({ text }) => text)]);
}

/** How many of the expected traces are not among those found. */
export function missing(expected: readonly string[], found: readonly Trajectory[]): number {
  const counts = new Map<string, number>();
  for (const trajectory of found) {
    const content = contentOf(trajectory);
    counts.set(content, (counts.get(content) ?? 0) + 1);
  }
  return expected.filter((content) => {
    const left = counts.get(content) ?? 0;
    counts.set(content, left - 1);
    return left <= 0;
  }).length;
}
