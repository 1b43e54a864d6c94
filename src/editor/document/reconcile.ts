import type { ReadTrace } from '../reading/protocol';
import { Trace } from './trace';

/**
 * The traces after a new reading of the file: those of the last reading that have the same content, then those that have
 * the same id, are kept (and updated), so that rewards stay with their traces through every edit.
 */
export function reconcile(before: readonly Trace[], read: readonly ReadTrace[]): Trace[] {
  const byContent = new Map<string, Trace[]>();
  for (const trace of before) {
    const same = byContent.get(trace.contentKey);
    if (same) same.push(trace);
    else byContent.set(trace.contentKey, [trace]);
  }
  const kept = new Set<Trace>();
  const found = read.map((item) => {
    const candidates = byContent.get(item.contentKey);
    const id = item.trajectory.id;
    // Of several with equal content the one with the same id, else the first.
    const at = Math.max(0, candidates?.findIndex((trace) => trace.id === id) ?? 0);
    const trace = candidates?.splice(at, 1)[0];
    if (trace) kept.add(trace);
    return trace;
  });
  const byId = new Map(before.filter((trace) => !kept.has(trace)).map((trace) => [trace.id, trace]));
  return read.map((item, index) => {
    const id = item.trajectory.id;
    const trace = found[index] ?? byId.get(id);
    if (!trace) return new Trace(item, index);
    byId.delete(id);
    trace.update(item, index);
    return trace;
  });
}
