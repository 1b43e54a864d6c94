import { parse, resolve } from 'node:path';
import type { RecordProblem } from '../../trajectory/trajectory';
import { LabelError, onFile } from '../label-error';
import { writeWhole } from '../run/line-file';
import { refuseOverSource } from '../run/target';
import { readStored, type StoredTrace } from '../stored';
import { csv } from './csv';
import type { ExportFormat } from './format';
import { mathShepherd } from './math-shepherd';
import { firstNeutral, type NeutralAs, withoutNeutral } from './neutral';
import { openrlhf } from './openrlhf';
import { prm800k } from './prm800k';
import { rlhflow } from './rlhflow';
import { trl } from './trl';

export type { ExportFormat } from './format';
export { NEUTRAL_AS, type NeutralAs } from './neutral';

/** All formats that labels can be exported to. */
export const EXPORTS: readonly ExportFormat[] = [trl, openrlhf, rlhflow, mathShepherd, prm800k, csv];

export interface ExportTask {
  /** A label file, or any file of scored traces. */
  readonly source: string;
  /** `exportPath(source, to)` by default. */
  readonly out?: string;
  readonly to: ExportFormat;
  /** Needed where a step is neutral and the format has no word for it. */
  readonly neutral?: NeutralAs;
  readonly force?: boolean;
}

export interface ExportResult {
  readonly out: string;
  readonly traces: number;
  readonly steps: number;
  /** Traces that the format cannot carry, and lines that are no scored trace. */
  readonly problems: number;
}

/** For the labels `gsm8k.cpmi.jsonl`: `gsm8k.trl.jsonl`; `gsm8k.cpmi.csv` where the ending alone tells the format. */
export function exportPath(source: string, { id, extension }: ExportFormat): string {
  const { dir, name } = parse(source);
  if (id === extension) return resolve(dir, `${name}.${extension}`);
  return resolve(dir, `${name.replace(/\.cpmi$/, '')}.${id}.${extension}`);
}

/**
 * Writes labels in the format of a trainer, in one move. Traces that can't be carried are told and left out.
 * @throws {LabelError} `exists`, `conflict`, `read`, `write`; `neutral` where `neutral` is needed; `nothing`
 */
export async function exportLabels(
  { source, out, to, neutral, force = false }: ExportTask,
  watch: { signal?: AbortSignal; onProblem?: (problem: RecordProblem) => void } = {},
): Promise<ExportResult> {
  const target = resolve(out ?? exportPath(source, to));
  await onFile('read', target, () => refuseOverSource(source, target));
  let [traces, steps, problems] = [0, 0, 0];
  const complain = (line: number, reason: string) => {
    problems++;
    watch.onProblem?.({ line, reason });
  };
  await writeWhole(target, force, async (file) => {
    if (to.header) await file.add(to.header);
    for await (const item of readStored(source, watch.signal)) {
      if ('problem' in item) {
        complain(item.problem.line, item.problem.reason);
        continue;
      }
      const trace = fitting(item.trace, to, neutral);
      const written = trace ? to.write(trace) : { problem: 'all of its steps are neutral' };
      if ('problem' in written) {
        complain(item.trace.line, `${item.trace.id} is not exported: ${written.problem}`);
        continue;
      }
      traces++;
      steps += trace?.steps.length ?? 0;
      await file.add(written.text);
    }
    if (traces === 0) throw new LabelError('nothing', `${source}: there is nothing to export`);
  });
  return { out: target, traces, steps, problems };
}

function fitting(
  trace: StoredTrace,
  to: ExportFormat,
  neutral: NeutralAs | undefined,
): StoredTrace | undefined {
  const step = firstNeutral(trace);
  if (to.hasNeutral || step < 0) return trace;
  if (neutral !== undefined) return withoutNeutral(trace, neutral);
  throw new LabelError(
    'neutral',
    `line ${trace.line}: step ${step + 1} is labelled neutral, which ${to.id} has no word for; ` +
      'say what to do with such steps: --neutral drop, correct or incorrect',
  );
}
