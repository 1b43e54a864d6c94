import { NotScorableError, scoreTrajectory } from '../../cpmi/score-trajectory';
import type { CpmiSettings } from '../../cpmi/settings';
import type { LikelihoodModel } from '../../likelihood/likelihood-model';
import { ModelCrashedError } from '../../likelihood/process/process-model';
import { type ReadOptions, type RecordProblem, readTrajectories, type Trajectory } from '../../trajectory';
import { withSiblings } from '../../trajectory/siblings';
import { withHumanGold } from '../human/gold';
import type { HumanLabels } from '../human/human-labels';
import { scoringKey, traceKey } from '../keys';
import { givenOf } from '../label-record';
import { type Entry, recordable, type UnscoredEntry } from './entry';
import { type InputFile, weightOf } from './input';
import type { Journal } from './journal';
import type { Rate } from './rate';

export interface ScorePass {
  readonly input: InputFile;
  readonly reading: ReadOptions;
  readonly journal: Journal;
  readonly model: LikelihoodModel;
  readonly settings: CpmiSettings;
  readonly human: HumanLabels;
  readonly answer?: string;
  readonly overflow: 'error' | 'cut-left';
  readonly rate: Rate;
  readonly signal?: AbortSignal;
  readonly onProgress: () => void;
  readonly onProblem: (problem: RecordProblem) => void;
  /** Called before a trace is scored that has no entry in the journal. */
  readonly beforeScoring: () => void;
}

export interface ScoreResult {
  readonly traces: number;
  readonly brokenRecords: number;
  readonly resumed: number;
  /** Traces that the scoring process died on. They have no entry, so that the next run tries them again. */
  readonly crashed: ReadonlyMap<number, UnscoredEntry>;
}

/** The model has died on this many traces in a row: no use to go on. */
const MAX_CRASHES = 5;

/**
 * Scores every trace of the input that the journal does not have, and writes each to the journal at once.
 * @throws {DOMException} `AbortError`; {ModelCrashedError} where trace after trace crashes the model
 */
export async function scoreAll(pass: ScorePass): Promise<ScoreResult> {
  const { journal, rate, signal } = pass;
  const crashed = new Map<number, UnscoredEntry>();
  let [traces, brokenRecords, resumed, crashesInARow] = [0, 0, 0, 0];
  for await (const item of withSiblings(readTrajectories(pass.input.source(), pass.reading))) {
    signal?.throwIfAborted();
    if ('problem' in item) {
      brokenRecords++;
      pass.onProblem(item.problem);
      continue;
    }
    const ordinal = traces++;
    const { trajectory, answer } = withHumanGold(item.trajectory, pass.human, pass.answer);
    const key = scoringKey(trajectory, item.siblings, answer);
    const work = { characters: weightOf(trajectory), steps: trajectory.steps.length };
    if (journal.has(ordinal, key)) {
      resumed++;
      rate.add({ ...work, tokens: 0, free: true }, true);
    } else {
      pass.beforeScoring();
      const entry = await score(trajectory, item.siblings, answer, pass).catch((error: unknown) => {
        if (!(error instanceof ModelCrashedError) || ++crashesInARow >= MAX_CRASHES) throw error;
        return error;
      });
      if (entry instanceof Error) crashed.set(ordinal, unscored(trajectory, entry.message));
      else {
        crashesInARow = 0;
        await journal.add(ordinal, key, entry);
      }
      const failed =
        entry instanceof Error ? crashed.get(ordinal) : entry.kind === 'unscored' ? entry : undefined;
      if (failed) {
        pass.onProblem({ line: failed.line, reason: `${failed.id} is not scored: ${failed.reason}` });
      }
      const tokens =
        entry instanceof Error || entry.kind === 'unscored' ? 0 : entry.scored.cost.computedPositions;
      rate.add({ ...work, tokens, free: failed !== undefined });
    }
    pass.onProgress();
  }
  return { traces, brokenRecords, resumed, crashed };
}

async function score(
  trajectory: Trajectory,
  siblings: readonly string[],
  answer: string | undefined,
  { model, settings, signal, overflow }: ScorePass,
): Promise<Entry> {
  const surroundings = { siblings, ...(answer === undefined ? {} : { answer }) };
  try {
    const options = { overflow, ...(signal ? { signal } : {}) };
    const scored = await scoreTrajectory(trajectory, model, settings, surroundings, options);
    if (!scored.steps.every((step) => Number.isFinite(step.reward))) {
      return unscored(trajectory, 'the model gives rewards that are not finite numbers');
    }
    return {
      kind: 'scored',
      trace: traceKey(trajectory),
      line: trajectory.line,
      format: trajectory.format,
      given: givenOf(trajectory),
      scored: recordable(scored),
    };
  } catch (error) {
    if (error instanceof NotScorableError) return unscored(trajectory, error.message);
    throw error;
  }
}

const unscored = ({ id, line }: Trajectory, reason: string): UnscoredEntry => ({
  kind: 'unscored',
  id,
  line,
  reason,
});
