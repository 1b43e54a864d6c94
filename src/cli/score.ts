import type { Command } from 'commander';
import { isColorSupported } from 'picocolors';
import { NotScorableError, scoreTrajectory } from '../cpmi/score-trajectory';
import type { ScoredTrajectory } from '../cpmi/scored';
import { toRecord } from '../labels/record';
import { REFERENCE_SCALE } from '../labels/reference-scale';
import type { LikelihoodModel } from '../likelihood/likelihood-model';
import { ModelCrashedError } from '../likelihood/process/model-crashed-error';
import type { ReadOptions } from '../trajectory';
import { CliError } from './errors';
import { expandInputs, TRACE_FILES_ARGUMENT } from './inputs';
import { interruptSignal } from './interrupt';
import { startModel } from './model';
import { addScoringOptions, cpmiSettings, type ScoringOptions } from './options';
import { startProgress } from './progress';
import { readOptions } from './reading';
import { formatReward, lowestStep, renderTrace } from './render';
import { columns, printable } from './terminal';
import { reportProblem, tracesOf } from './traces';

interface ScoreCommandOptions extends ScoringOptions {
  readonly json?: boolean;
  readonly follow?: boolean;
}

export function scoreCommand(program: Command): void {
  addScoringOptions(program.command('score'))
    .description('score the steps of every trace and print them')
    .argument('<files...>', TRACE_FILES_ARGUMENT)
    .option('--json', 'print one JSON object a trace and nothing else')
    .option('--follow', 'wait for traces that are written to the file, until Ctrl-C')
    .action(async (paths: string[], options: ScoreCommandOptions) => {
      const files = await expandInputs(paths);
      const signal = interruptSignal();
      const { follow = false } = options;
      if (follow && files.length > 1) throw new CliError('--follow takes one file', 2);
      const reading = { ...(await readOptions(options, signal)), follow };
      const model = await startModel(options);
      const progress = startProgress(undefined);
      const totals = new Totals();
      try {
        for (const file of files) {
          for await (const scored of scoreFile(file, reading, model, options, signal)) {
            progress.traceDone(scored.steps.length, scored.cost.computedPositions);
            progress.clear();
            totals.add(scored);
            print(scored, options);
          }
        }
      } catch (error) {
        // Ctrl-C is how following ends.
        if (!(follow && signal.aborted)) throw error;
      } finally {
        progress.stop();
        await model.dispose();
      }
      if (totals.traces === 0) throw new CliError('nothing could be scored');
      if (!options.json) process.stdout.write(totals.summary());
    });
}

/** Scores a file's traces one after the other. What cannot be scored is reported on stderr, and the rest goes on. */
export async function* scoreFile(
  file: string,
  reading: ReadOptions,
  model: LikelihoodModel,
  options: ScoringOptions,
  signal: AbortSignal,
): AsyncGenerator<ScoredTrajectory & { readonly line: number }> {
  const settings = cpmiSettings(options);
  const { overflow, answer } = options;
  for await (const { trajectory, siblings } of tracesOf(file, reading)) {
    const surroundings = { siblings, ...(answer === undefined ? {} : { answer }) };
    try {
      const scored = await scoreTrajectory(trajectory, model, settings, surroundings, { signal, overflow });
      yield { ...scored, line: trajectory.line };
    } catch (error) {
      if (!(error instanceof NotScorableError || error instanceof ModelCrashedError)) throw error;
      reportProblem(file, {
        line: trajectory.line,
        reason: `${trajectory.id} is not scored: ${error.message}`,
      });
    }
  }
}

function print(scored: ScoredTrajectory, { json }: ScoreCommandOptions): void {
  process.stdout.write(
    json
      ? `${JSON.stringify(toRecord(scored, { scale: REFERENCE_SCALE }))}\n`
      : `${renderTrace(scored, { color: isColorSupported && process.stdout.isTTY === true, width: columns(process.stdout) })}\n`,
  );
}

/** What the summary after human-readable output says. */
class Totals {
  traces = 0;
  private steps = 0;
  private naive = 0;
  private computed = 0;
  private seconds = 0;
  private lowest: { id: string; step: number; reward: number } | undefined;

  add(scored: ScoredTrajectory): void {
    this.traces++;
    this.steps += scored.steps.length;
    this.naive += scored.cost.naivePositions;
    this.computed += scored.cost.computedPositions;
    this.seconds += scored.seconds;
    const step = lowestStep(scored.steps);
    if (step && (!this.lowest || step.reward < this.lowest.reward)) {
      this.lowest = { id: scored.id, step: step.index + 1, reward: step.reward };
    }
  }

  summary(): string {
    const saved = (this.naive / this.computed).toFixed(1);
    const low =
      this.lowest &&
      `; lowest: ${printable(this.lowest.id)}, step ${this.lowest.step}, ${formatReward(this.lowest.reward)}`;
    return (
      `${this.traces} traces, ${this.steps} steps, ${this.seconds.toFixed(1)} s${low ?? ''}\n` +
      `${this.computed} positions computed where separate passes would run ${this.naive} (${saved}× fewer)\n`
    );
  }
}
