/** A trajectory with a reward per step and the place of its first error, as people or a data set labelled it. */
export interface EvaluatedTrajectory {
  readonly id: string;
  /** The data set's name of the task: results are also given by task. */
  readonly task: string;
  /** One per step, in nats per token; higher means better. */
  readonly rewards: readonly number[];
  /** Index of the first wrong step, -1 where there is none. */
  readonly firstError: number;
  /** The steps' lengths, in any one unit; taken from `stepTexts` (UTF-16 code units) where they are absent. */
  readonly stepLengths?: readonly number[];
  readonly stepTexts?: readonly string[];
  /** Numbers of the question are not new in a step. */
  readonly question?: string;
  readonly goldAnswer?: string;
  /** Whether its final answer is the gold answer; false also where it has none. */
  readonly arrives?: boolean;
}

/** Why a trajectory takes no part. */
export interface LeftOut {
  readonly id: string;
  readonly reason: string;
}

function reasonToLeaveOut({
  rewards,
  firstError,
  stepLengths,
  stepTexts,
}: EvaluatedTrajectory): string | undefined {
  if (rewards.length === 0) return 'it has no steps';
  const broken = rewards.findIndex((reward) => !Number.isFinite(reward));
  if (broken >= 0) return `the reward of step ${broken} is not a finite number`;
  if (!Number.isInteger(firstError) || firstError < -1 || firstError >= rewards.length) {
    return `its first error is ${firstError}, but it has ${rewards.length} steps`;
  }
  for (const parallel of [stepLengths, stepTexts]) {
    if (parallel !== undefined && parallel.length !== rewards.length) {
      return `it has ${rewards.length} rewards for ${parallel.length} steps`;
    }
  }
  return undefined;
}

/** Parts the trajectories that can be evaluated from those that can't; each of the latter with its reason. */
export function selectUsable(trajectories: readonly EvaluatedTrajectory[]): {
  usable: EvaluatedTrajectory[];
  leftOut: LeftOut[];
} {
  const usable: EvaluatedTrajectory[] = [];
  const leftOut: LeftOut[] = [];
  for (const trajectory of trajectories) {
    const reason = reasonToLeaveOut(trajectory);
    if (reason === undefined) usable.push(trajectory);
    else leftOut.push({ id: trajectory.id, reason });
  }
  return { usable, leftOut };
}

/** Trajectories by task, tasks in the order of their first appearance. */
export function groupByTask(
  trajectories: readonly EvaluatedTrajectory[],
): Map<string, EvaluatedTrajectory[]> {
  const groups = new Map<string, EvaluatedTrajectory[]>();
  for (const trajectory of trajectories) {
    const group = groups.get(trajectory.task);
    if (group === undefined) groups.set(trajectory.task, [trajectory]);
    else group.push(trajectory);
  }
  return groups;
}
