import type { GoldSource } from '../cpmi/scored';
import type { ModelId } from '../likelihood/likelihood-model';
import { LineSplitter, openSource, type RecordProblem, type StepLabel } from '../trajectory';
import { fileTrouble, LabelError } from './label-error';
import type { LabelledBy } from './label-record';

/** A scored trace read back from a file: what `steplens label` wrote, or `score --json` and `eval --save` printed. */
export interface StoredTrace {
  readonly line: number;
  readonly id: string;
  readonly question: string;
  readonly goldAnswer: string;
  readonly goldSource: GoldSource;
  readonly finalAnswer: string | null;
  readonly model: ModelId | null;
  readonly estimator: string | null;
  readonly steps: readonly StoredStep[];
  readonly task?: string;
  readonly firstError?: number;
  readonly answerCorrect?: boolean;
}

export interface StoredStep {
  readonly text: string;
  /** Nats per token. */
  readonly reward: number;
  readonly goldGain: number | null;
  readonly contrastGain: number | null;
  readonly softLabel: number;
  readonly label: StepLabel;
  readonly labelledBy: LabelledBy;
  /** What the model alone says; `label` where no person has set one. */
  readonly modelLabel: StepLabel;
}

const GOLD_SOURCES: readonly GoldSource[] = ['file', 'given', 'final', 'verdict'];

export type StoredItem = { readonly trace: StoredTrace } | { readonly problem: RecordProblem };

/**
 * Reads the scored traces of a file, as a stream. A line that is none is a problem in its place.
 * @throws {LabelError} `read`
 */
export async function* readStored(path: string, signal?: AbortSignal): AsyncGenerator<StoredItem> {
  const splitter = new LineSplitter();
  try {
    const source = await openSource({ path });
    if (source.kind === 'archive') throw new LabelError('read', `${path}: an archive, not a file of labels`);
    for await (const chunk of source.chunks) {
      signal?.throwIfAborted();
      for (const item of splitter.push(chunk)) yield readItem(item);
    }
    for (const item of splitter.end()) yield readItem(item);
  } catch (error) {
    throw fileTrouble('read', path, error);
  }
}

type RawItem = ReturnType<LineSplitter['push']> extends Iterable<infer Item> ? Item : never;

function readItem(raw: RawItem): StoredItem {
  if ('reason' in raw) return { problem: raw };
  const { line } = raw;
  let value: unknown;
  try {
    value = JSON.parse(raw.source.text);
  } catch {
    return { problem: { line, reason: 'the line is no JSON' } };
  }
  const trace = readTrace(value, line);
  return typeof trace === 'string' ? { problem: { line, reason: trace } } : { trace };
}

/** A sentence where something is missing or of another kind. */
function readTrace(value: unknown, line: number): StoredTrace | string {
  if (!isObject(value)) return 'an object is expected';
  const { id, question, goldAnswer, finalAnswer, steps, model, estimator } = value;
  if (typeof id !== 'string') return 'id: a text is expected';
  if (typeof question !== 'string') return 'question: a text is expected';
  if (typeof goldAnswer !== 'string') return 'goldAnswer: a text is expected';
  if (!Array.isArray(steps) || steps.length === 0) return 'steps: a list is expected';
  const by: readonly unknown[] = Array.isArray(value.labelledBy) ? value.labelledBy : [];
  const read: StoredStep[] = [];
  for (const [i, item] of steps.entries()) {
    const step = readStep(item, by[i]);
    if (typeof step === 'string') return `steps[${i}].${step}`;
    read.push(step);
  }
  const { task, firstError, answerCorrect } = value;
  return {
    line,
    id,
    question,
    goldAnswer,
    goldSource: GOLD_SOURCES.find((source) => source === value.goldSource) ?? 'file',
    finalAnswer: typeof finalAnswer === 'string' ? finalAnswer : null,
    model: isObject(model) ? readModel(model) : null,
    estimator: typeof estimator === 'string' ? estimator : null,
    steps: read,
    ...(typeof task === 'string' ? { task } : {}),
    ...(typeof firstError === 'number' && Number.isInteger(firstError) ? { firstError } : {}),
    ...(typeof answerCorrect === 'boolean' ? { answerCorrect } : {}),
  };
}

function readStep(value: unknown, by: unknown): StoredStep | string {
  if (!isObject(value)) return 'an object is expected';
  const { text, reward, goldGain, contrastGain, softLabel, label, modelLabel } = value;
  if (typeof text !== 'string') return 'text: a text is expected';
  if (typeof reward !== 'number') return 'reward: a number is expected';
  if (typeof softLabel !== 'number') return 'softLabel: a number is expected';
  if (!isLabel(label)) return 'label: correct, neutral or incorrect is expected';
  return {
    text,
    reward,
    goldGain: typeof goldGain === 'number' ? goldGain : null,
    contrastGain: typeof contrastGain === 'number' ? contrastGain : null,
    softLabel,
    label,
    labelledBy: by === 'human' ? 'human' : 'model',
    modelLabel: isLabel(modelLabel) ? modelLabel : label,
  };
}

const readModel = ({ name, sha256, runtime }: Record<string, unknown>): ModelId => ({
  name: String(name),
  sha256: String(sha256),
  ...(typeof runtime === 'string' ? { runtime } : {}),
});

const LABELS: readonly unknown[] = ['correct', 'neutral', 'incorrect'] satisfies StepLabel[];

/** Whether a value of a file is a step label. */
export const isLabel = (value: unknown): value is StepLabel => LABELS.includes(value);

/** Whether a value of a file is an object with named fields. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
