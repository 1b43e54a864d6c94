import { basename, parse } from 'node:path';
import { NotScorableError, scoreTrajectory } from '../../cpmi/score-trajectory';
import { isGoldKnown } from '../../cpmi/scored';
import type { EvaluatedTrajectory } from '../../evaluation';
import {
  humanLabelPath,
  REFERENCE_SCALE,
  readHumanLabels,
  readStored,
  type StoredTrace,
  toRecord,
  withHumanGold,
} from '../../labels';
import type { LikelihoodModel, ModelId, Work } from '../../likelihood/likelihood-model';
import { ModelCrashedError } from '../../likelihood/process/model-crashed-error';
import { detectFormat } from '../../trajectory';
import { answersEqual } from '../../trajectory/answers';
import { fileError, isFileError } from '../errors';
import { cpmiSettings, type ScoringOptions } from '../options';
import { readOptions } from '../reading';
import { reportProblem, tracesOf } from '../traces';

/** A labelled trace with both of its rewards. */
export interface EvaluationTrace extends Omit<EvaluatedTrajectory, 'rewards'> {
  /** CPMI: as the settings say. */
  readonly rewards: readonly number[];
  /** PMI: the gold part of the rewards (w = 0); absent where a file does not have it. */
  readonly goldGains?: readonly number[];
  readonly model: ModelId | null;
  readonly cost?: Work;
}

/** What one file gave. */
export interface EvaluationFile {
  readonly traces: readonly EvaluationTrace[];
  /** Traces without a known first error. */
  readonly unlabelled: number;
  readonly notScored: number;
  readonly brokenRecords: number;
}

export interface EvaluationContext {
  readonly options: ScoringOptions;
  readonly signal: AbortSignal;
  /** Starts the model at the first call; files of rewards need none. */
  readonly model: () => Promise<LikelihoodModel>;
  readonly onTrace: (trace: EvaluationTrace) => void;
  readonly onProblem: () => void;
  /** Takes a scored trace as a line of JSON. */
  readonly save?: (line: string) => Promise<void>;
}

/** Whether a file holds rewards already: labels of `steplens label`, or what `eval --save` has kept. */
export async function holdsRewards(path: string): Promise<boolean> {
  try {
    return (await detectFormat({ path }))[0]?.id === 'steplens';
  } catch (error) {
    throw isFileError(error) ? fileError(path, error) : error;
  }
}

/** Reads rewards back. */
export async function storedTraces(path: string, context: EvaluationContext): Promise<EvaluationFile> {
  const traces: EvaluationTrace[] = [];
  let [unlabelled, brokenRecords] = [0, 0];
  for await (const item of readStored(path, context.signal)) {
    if (traces.length + unlabelled >= (context.options.limit ?? Number.POSITIVE_INFINITY)) break;
    if ('problem' in item) {
      brokenRecords++;
      context.onProblem();
      reportProblem(path, item.problem);
      continue;
    }
    const trace = fromStored(item.trace, path);
    if (!trace) {
      unlabelled++;
      continue;
    }
    traces.push(trace);
    context.onTrace(trace);
  }
  return { traces, unlabelled, notScored: 0, brokenRecords };
}

/** Scores the labelled traces of a file; the others only lend their answers to their siblings. */
export async function scoredTraces(path: string, context: EvaluationContext): Promise<EvaluationFile> {
  const { options, signal } = context;
  const human = await readHumanLabels(humanLabelPath(path));
  const traces: EvaluationTrace[] = [];
  const counts = { unlabelled: 0, notScored: 0, brokenRecords: 0 };
  const { overflow } = options;
  const reading = {
    ...(await readOptions(options, signal)),
    onProblem() {
      counts.brokenRecords++;
      context.onProblem();
    },
  };
  for await (const { trajectory: read, siblings } of tracesOf(path, reading)) {
    const { firstError } = read;
    if (firstError === undefined) {
      counts.unlabelled++;
      continue;
    }
    const { trajectory, answer } = withHumanGold(read, human, options.answer);
    const surroundings = { siblings, ...(answer === undefined ? {} : { answer }) };
    try {
      const model = await context.model();
      const scored = await scoreTrajectory(trajectory, model, cpmiSettings(options), surroundings, {
        signal,
        overflow,
      });
      const given = { task: read.task ?? taskOf(path), firstError };
      const record = { ...toRecord(scored, { scale: REFERENCE_SCALE }), ...given };
      await context.save?.(`${JSON.stringify(record)}\n`);
      const trace: EvaluationTrace = {
        id: scored.id,
        ...given,
        rewards: scored.steps.map((step) => step.reward),
        goldGains: scored.steps.map((step) => step.goldGain),
        stepTexts: scored.steps.map((step) => step.text),
        question: scored.question,
        ...knownGold(scored),
        model: scored.model,
        cost: scored.cost,
      };
      traces.push(trace);
      context.onTrace(trace);
    } catch (error) {
      if (!(error instanceof NotScorableError || error instanceof ModelCrashedError)) throw error;
      counts.notScored++;
      context.onProblem();
      reportProblem(path, { line: read.line, reason: `${read.id} is not scored: ${error.message}` });
    }
  }
  return { traces, ...counts };
}

function fromStored(trace: StoredTrace, path: string): EvaluationTrace | undefined {
  const { id, question, steps, firstError, model, task = taskOf(path) } = trace;
  if (firstError === undefined) return undefined;
  const gains = steps.map((step) => step.goldGain);
  return {
    id,
    task,
    firstError,
    question,
    rewards: steps.map((step) => step.reward),
    stepTexts: steps.map((step) => step.text),
    ...knownGold(trace),
    ...(gains.every((gain) => gain !== null) ? { goldGains: gains } : {}),
    model,
  };
}

/** The gold answer where it is one, not what a trace without one was scored for. */
function knownGold({
  goldAnswer,
  goldSource,
  finalAnswer,
}: Pick<StoredTrace, 'goldAnswer' | 'goldSource' | 'finalAnswer'>): {
  goldAnswer?: string;
  arrives?: boolean;
} {
  if (!isGoldKnown(goldSource)) return {};
  return { goldAnswer, arrives: finalAnswer !== null && answersEqual(finalAnswer, goldAnswer) };
}

/** The file's name stands for the task where the data says nothing. */
const taskOf = (path: string): string => parse(basename(path)).name;
