import { basename } from 'node:path';
import { version } from '../../../package.json';
import type { ReadOptions } from '../../trajectory';
import type { LabelTask } from '../label-task';
import { type LabelMeta, makeMeta, type Tally } from '../meta';
import type { SoftLabelScale } from '../soft-label';
import type { Fingerprint } from './input';
import type { JournalHeader } from './journal';

/** A task whose output is known. */
export type Task = LabelTask & { readonly out: string };

/** How the reader is to read the task's file. */
export function readingOf({ format, splitting, limit }: Task, signal?: AbortSignal): ReadOptions {
  return {
    ...(format === undefined ? {} : { format }),
    ...(splitting === undefined ? {} : { splitting }),
    ...(limit === undefined ? {} : { limit }),
    ...(signal ? { signal } : {}),
  };
}

/** All that changes a reward. Another limit or threshold, and other human labels, can go on with the same journal. */
export function headerOf(task: Task, input: Fingerprint): JournalHeader {
  const { model, settings, answer = null, overflow = 'error', format = null, splitting = 'given' } = task;
  return { steplens: version, input, model: model.id, ...settings, answer, overflow, format, splitting };
}

/** What the metadata file says. */
export function metaOf(
  task: Task,
  fingerprint: Fingerprint,
  made: { readonly scale: SoftLabelScale; readonly tally: Tally; readonly sha256: string },
): LabelMeta {
  const { source, out, model, settings, answer = null, overflow = 'error', format = null } = task;
  const { scale, tally, sha256 } = made;
  return makeMeta(tally, {
    output: { file: basename(out), sha256 },
    input: { file: basename(source), ...fingerprint, format: tally.format },
    model: model.id,
    settings,
    reading: { format, splitting: task.splitting ?? 'given', limit: task.limit ?? null, answer, overflow },
    threshold: task.threshold ?? null,
    scale,
  });
}
