import { unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { version } from '../../package.json';
import { type HumanLabels, NO_HUMAN_LABELS } from './human/human-labels';
import { readHumanLabels } from './human/sidecar';
import { LabelError, onFile } from './label-error';
import { toLabelRecord } from './label-record';
import type { LabelResult, LabelTask, LabelWatch } from './label-task';
import { type LabelMeta, Tally } from './meta';
import { humanLabelPath, labelPath, metaPath, workPaths } from './paths';
import { conditionsOf, headerOf, metaOf, readingOf, type Task } from './run/describe';
import type { Entry } from './run/entry';
import { type Fingerprint, InputFile } from './run/input';
import { Journal } from './run/journal';
import { takeLock } from './run/lock';
import { type Entries, fitScale, type OutputRule, writeLabels } from './run/output';
import { Rate } from './run/rate';
import { type ScoreResult, scoreAll } from './run/score-pass';
import { alreadyThere, exists, install, refuseConflicts, refuseForeignMeta, replace } from './run/target';
import type { Shard } from './shards/shard';
import { type ShardEntry, writeShard } from './shards/shard-file';

/**
 * Scores every trace of a file and writes their labels beside it: one line a trace in the order of the file, and how it
 * was made in a `.meta.json`. The same input, settings and model give the same bytes. What is scored is kept in a journal
 * beside the output until that is complete: a run that was stopped, however, goes on where it was when it is run again,
 * and ends with the same bytes. Memory holds some numbers a trace, whatever the file's size.
 * @throws {LabelError} for all that the user can mend; nothing is damaged, and what was scored is kept
 * @throws {DOMException} `AbortError` when the signal fires; what was scored is kept
 * @throws {UnknownFormatError | PatternError | ModelCrashedError} see there
 */
export async function labelFile(task: LabelTask, watch: LabelWatch = {}): Promise<LabelResult> {
  const source = resolve(task.source);
  const out = resolve(task.out ?? labelPath(source));
  const input = await InputFile.open(source);
  try {
    await onFile('read', out, () => refuseConflicts(source, out));
    const lock = await takeLock(workPaths(out).lock, out);
    try {
      return await labelLocked({ ...task, source, out }, watch, input);
    } finally {
      await lock.release();
    }
  } finally {
    await input.close();
  }
}

async function labelLocked(task: Task, watch: LabelWatch, input: InputFile): Promise<LabelResult> {
  const { source, out, force = false, restart = false } = task;
  const paths = workPaths(out);
  const inTheWay = !force && (await exists(out));
  if (inTheWay && (restart || !(await exists(paths.journal)))) throw alreadyThere(out);
  if (!force) await refuseForeignMeta(metaPath(out));
  const human = task.humanLabels === false ? NO_HUMAN_LABELS : await readHumanLabels(humanLabelPath(source));
  const fingerprint = await input.fingerprint(watch.signal);
  const journal = await Journal.open(paths.journal, headerOf(task, fingerprint), restart);
  let keep = true;
  try {
    // The name may have been given to the output just before a kill. Only then it may stand there beside a journal.
    if (inTheWay && journal.doneWith !== (await hashOf(out, watch.signal))) throw alreadyThere(out);
    const result = await run(task, watch, { input, journal, human, fingerprint, inTheWay });
    keep = false;
    return result;
  } catch (error) {
    if (error instanceof LabelError && error.kind === 'nothing') keep = false;
    throw error;
  } finally {
    await journal.close();
    if (!keep || journal.count === 0) await unlink(paths.journal).catch(() => undefined);
  }
}

interface Parts {
  readonly input: InputFile;
  readonly journal: Journal;
  readonly human: HumanLabels;
  readonly fingerprint: Fingerprint;
  readonly inTheWay: boolean;
}

async function run(task: Task, watch: LabelWatch, parts: Parts): Promise<LabelResult> {
  const { out, model, settings, answer, overflow = 'error', threshold, jobs = 1 } = task;
  const { input, journal, human, inTheWay } = parts;
  const { signal, onProgress, onProblem } = watch;
  const reading = readingOf(task, signal);
  const rate = new Rate(await input.survey(reading, task.shard));
  onProgress?.(rate.progress);
  const pass = await scoreAll({
    ...{ input, reading, journal, model, settings, human, overflow, rate, jobs },
    ...(task.shard ? { shard: task.shard } : {}),
    ...(answer === undefined ? {} : { answer }),
    ...(signal ? { signal } : {}),
    onProgress: () => onProgress?.(rate.progress),
    onProblem: (problem) => onProblem?.(problem),
    beforeScoring() {
      if (inTheWay) throw alreadyThere(out);
    },
  });
  await input.refuseChanges();

  const entries = entriesOf(journal, pass, task.shard, signal);
  const scale = await fitScale(entries);
  const tally = new Tally(pass);
  const rule = { scale, human, ...(threshold === undefined ? {} : { threshold }) };
  const { partial } = workPaths(out);
  const conditions = conditionsOf(task, parts.fingerprint);
  if (task.shard) {
    const { traces, brokenRecords } = pass;
    const header = { steplens: version, shard: task.shard, traces, brokenRecords, conditions };
    const sha256 = await writeShard(partial, header, shardEntries(entries, task.shard, rule, tally));
    const made = metaOf(conditions, out, { scale, tally, sha256 });
    await finish(task, parts, { partial, sha256 });
    return { out, made };
  }
  const sha256 = await writeLabels(partial, entries, rule, tally);
  try {
    if (tally.counts.scored === 0) throw new LabelError('nothing', `${task.source}: nothing could be scored`);
    const made = metaOf(conditions, out, { scale, tally, sha256 });
    await finish(task, parts, { partial, sha256, made });
    return { out, meta: metaPath(out), made };
  } finally {
    await unlink(partial).catch(() => undefined);
  }
}

/** Puts output and metadata in their places. Killed anywhere in here, the next run ends it. */
async function finish(
  { out, force = false }: Task,
  { journal, inTheWay }: Parts,
  { partial, sha256, made }: { partial: string; sha256: string; made?: LabelMeta },
): Promise<void> {
  if (inTheWay && journal.doneWith !== sha256) throw alreadyThere(out);
  await journal.finish(sha256);
  if (made) await replace(metaPath(out), `${JSON.stringify(made, undefined, 2)}\n`);
  if (!inTheWay) await install(partial, out, force);
}

/** Those of the shard, where there is one. */
function entriesOf(
  journal: Journal,
  { traces, crashed }: ScoreResult,
  shard: Shard | undefined,
  signal?: AbortSignal,
): Entries {
  return async function* () {
    const first = shard ? shard.index - 1 : 0;
    for (let ordinal = first; ordinal < traces; ordinal += shard?.count ?? 1) {
      signal?.throwIfAborted();
      yield crashed.get(ordinal) ?? ((await journal.read(ordinal)) as Entry);
    }
  };
}

/** The lines of a shard; counts them on the way. */
async function* shardEntries(
  entries: Entries,
  { index, count }: Shard,
  rule: OutputRule,
  tally: Tally,
): AsyncGenerator<ShardEntry> {
  let ordinal = index - 1;
  for await (const entry of entries()) {
    const human = entry.kind === 'scored' ? rule.human.labels.get(entry.trace) : undefined;
    if (entry.kind === 'unscored') tally.skip(entry);
    else tally.add(entry, toLabelRecord(entry.scored, rule, entry.given, human));
    yield { ordinal, entry, ...(human ? { human: [...human] } : {}) };
    ordinal += count;
  }
}

async function hashOf(path: string, signal?: AbortSignal): Promise<string> {
  const file = await InputFile.open(path);
  try {
    return (await file.fingerprint(signal)).sha256;
  } finally {
    await file.close();
  }
}
