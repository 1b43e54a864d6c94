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
export function readingOf(
  { format, fields, splitting, gold, limit }: Task,
  signal?: AbortSignal,
): ReadOptions {
  return {
    ...(format === undefined ? {} : { format }),
    ...(fields === undefined ? {} : { fields }),
    ...(splitting === undefined ? {} : { splitting }),
    ...(gold === undefined ? {} : { gold }),
    ...(limit === undefined ? {} : { limit }),
    ...(signal ? { signal } : {}),
  };
}

/**
 * All that changes a reward. Another limit or threshold, other human labels and right answers (they are part of each
 * trace's own key) can go on with the same journal.
 */
export function headerOf(task: Task, input: Fingerprint): JournalHeader {
  const { model, settings, answer = null, overflow = 'error', format = null, splitting = 'given' } = task;
  const reading = { answer, overflow, format, fields: task.fields ?? null, splitting };
  return { steplens: version, input, model: model.id, ...settings, ...reading };
}

/** Under what the traces of a file are scored and labelled, as the metadata file says it. */
export type Conditions = Pick<LabelMeta, 'model' | 'settings' | 'reading' | 'threshold'> & {
  readonly input: Fingerprint & { readonly file: string };
};

export function conditionsOf(task: Task, fingerprint: Fingerprint): Conditions {
  const { source, model, settings, answer = null, overflow = 'error', format = null } = task;
  return {
    input: { file: basename(source), ...fingerprint },
    model: model.id,
    settings,
    reading: {
      format,
      fields: task.fields ?? null,
      splitting: task.splitting ?? 'given',
      limit: task.limit ?? null,
      gold: task.gold?.name ?? null,
      answer,
      overflow,
    },
    threshold: task.threshold ?? null,
  };
}

/** What the metadata file says. */
export function metaOf(
  { input, model, settings, reading, threshold }: Conditions,
  out: string,
  {
    scale,
    tally,
    sha256,
  }: { readonly scale: SoftLabelScale; readonly tally: Tally; readonly sha256: string },
): LabelMeta {
  return makeMeta(tally, {
    output: { file: basename(out), sha256 },
    input: { ...input, format: tally.format },
    model,
    settings,
    reading,
    threshold,
    scale,
  });
}
