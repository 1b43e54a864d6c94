import { NotScorableError, scoreTrajectory } from '../../cpmi/score-trajectory';
import type { CpmiSettings } from '../../cpmi/settings';
import type { LikelihoodModel } from '../../likelihood/likelihood-model';
import { ModelCrashedError } from '../../likelihood/process/model-crashed-error';
import { type ReadOptions, type RecordProblem, readTrajectories, type Trajectory } from '../../trajectory';
import { type WithSiblings, withSiblings } from '../../trajectory/siblings';
import { withHumanGold } from '../human/gold';
import type { HumanLabels } from '../human/human-labels';
import { scoringKey, traceKey } from '../keys';
import { givenOf } from '../label-record';
import { belongsTo, type Shard } from '../shards/shard';
import { type Entry, recordable, type UnscoredEntry } from './entry';
import { inOrder } from './in-order';
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
  /** Only these are scored. */
  readonly shard?: Shard;
  /** Traces that are scored at a time. */
  readonly jobs: number;
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
 * Scores every trace of the input that the journal does not have, and writes each to the journal at once. Problems are
 * told in the order of the file, however many traces are scored at a time.
 * @throws {DOMException} `AbortError`; {ModelCrashedError} where trace after trace crashes the model
 */
export async function scoreAll(pass: ScorePass): Promise<ScoreResult> {
  const crashed = new Map<number, UnscoredEntry>();
  let [traces, brokenRecords, resumed, crashesInARow] = [0, 0, 0, 0];
  // Where one trace ends the run, the others that are being scored are stopped: what went wrong first is the reason.
  const stop = new AbortController();
  const fail = (error: unknown): never => {
    stop.abort(error);
    throw error;
  };
  const abort = () => stop.abort(pass.signal?.reason);
  pass.signal?.throwIfAborted();
  pass.signal?.addEventListener('abort', abort, { once: true });
  const work = async (item: Item): Promise<Outcome> => {
    if ('problem' in item) return item;
    const ordinal = traces++;
    if (pass.shard && !belongsTo(pass.shard, ordinal)) return { elsewhere: true };
    return scoreOne(item, ordinal, { ...pass, signal: stop.signal }).catch(fail);
  };
  const take = (outcome: Outcome): void => {
    stop.signal.throwIfAborted();
    if ('problem' in outcome) {
      brokenRecords++;
      pass.onProblem(outcome.problem);
      return;
    }
    if ('elsewhere' in outcome) return;
    const { ordinal, entry, crash } = outcome;
    if (outcome.resumed) resumed++;
    else if (!crash) crashesInARow = 0;
    else if (++crashesInARow >= MAX_CRASHES) throw crash;
    else crashed.set(ordinal, entry);
    if (entry) pass.onProblem({ line: entry.line, reason: `${entry.id} is not scored: ${entry.reason}` });
    pass.onProgress();
  };
  try {
    const items = withSiblings(readTrajectories(pass.input.source(), pass.reading));
    for await (const outcome of inOrder(items, pass.jobs, work)) {
      try {
        take(outcome);
      } catch (error) {
        fail(error);
      }
    }
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    pass.signal?.removeEventListener('abort', abort);
  }
  return { traces, brokenRecords, resumed, crashed };
}

type Item = WithSiblings | { readonly problem: RecordProblem };

/** What became of a trace. `entry`: why it has no rewards. */
type Scored = { readonly ordinal: number; readonly resumed: boolean } & (
  | { readonly crash?: never; readonly entry?: UnscoredEntry }
  | { readonly crash: ModelCrashedError; readonly entry: UnscoredEntry }
);
/** A trace of another shard is `elsewhere`. */
type Outcome = Scored | { readonly problem: RecordProblem } | { readonly elsewhere: true };

async function scoreOne(item: WithSiblings, ordinal: number, pass: ScorePass): Promise<Scored> {
  const { journal, rate } = pass;
  const { trajectory, answer } = withHumanGold(item.trajectory, pass.human, pass.answer);
  const key = scoringKey(trajectory, item.siblings, answer);
  const work = { characters: weightOf(trajectory), steps: trajectory.steps.length };
  if (journal.has(ordinal, key)) {
    rate.add({ ...work, tokens: 0, free: true }, true);
    return { ordinal, resumed: true };
  }
  pass.beforeScoring();
  try {
    const entry = await score(trajectory, item.siblings, answer, pass);
    await journal.add(ordinal, key, entry);
    const free = entry.kind === 'unscored';
    rate.add({ ...work, tokens: free ? 0 : entry.scored.cost.computedPositions, free });
    return { ordinal, resumed: false, ...(free ? { entry } : {}) };
  } catch (error) {
    if (!(error instanceof ModelCrashedError)) throw error;
    rate.add({ ...work, tokens: 0, free: true });
    return { ordinal, resumed: false, crash: error, entry: unscored(trajectory, error.message) };
  }
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
