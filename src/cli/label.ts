import type { Command } from 'commander';
import { LabelError, type LabelMeta, labelFile } from '../labels';
import type { LikelihoodModel } from '../likelihood/likelihood-model';
import { PatternError, UnknownFormatError } from '../trajectory';
import { CliError } from './errors';
import { expandFolders, keepStdin, type LabelJob, labelJobs, STDIN } from './inputs';
import { interruptSignal } from './interrupt';
import { startLabelBar } from './label-progress';
import { startModel } from './model';
import { addScoringOptions, cpmiSettings, number, type ScoringOptions } from './options';
import { readOptions } from './reading';
import { reportProblem } from './traces';

interface LabelCommandOptions extends ScoringOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly restart?: boolean;
  readonly threshold?: number;
  readonly humanLabels: boolean;
}

export function labelCommand(program: Command): void {
  addScoringOptions(program.command('label'))
    .description('score every trace of a file and write step labels beside it (<name>.cpmi.jsonl)')
    .argument('<files...>', 'trace files; a folder for those in it, - for standard input')
    .option('--out <file>', 'where the labels of a single file go')
    .option('--force', 'overwrite labels that are there already')
    .option('--restart', 'begin again instead of going on with what an interrupted run has scored')
    .option(
      '--threshold <reward>',
      'a step is correct from this reward on (default: soft label 0.5)',
      number(),
    )
    .option('--no-human-labels', 'leave out labels and gold answers set by people (<name>.steplens.json)')
    .action(async (files: string[], options: LabelCommandOptions) => {
      const jobs = await labelJobs(await expandFolders(files), options.out);
      await readOptions(options); // what cannot be read so is said before the model starts
      const signal = interruptSignal();
      const model = await startModel(options);
      let failed = 0;
      try {
        for (const job of jobs) {
          if (!(await labelJob(job, model, options, signal))) failed++;
        }
      } finally {
        await model.dispose();
      }
      if (failed > 0) throw new CliError(`${failed} of ${jobs.length} files were not labelled`);
    });
}

async function labelJob(
  job: LabelJob,
  model: LikelihoodModel,
  options: LabelCommandOptions,
  signal: AbortSignal,
): Promise<boolean> {
  if (job.source !== STDIN) return labelOne(job, model, options, signal);
  const kept = await keepStdin(signal);
  try {
    return await labelOne({ ...job, source: kept.path }, model, options, signal);
  } finally {
    await kept.remove();
  }
}

/** Labels one file. What stands in its way is told, and the other files go on. */
async function labelOne(
  { source, out }: LabelJob,
  model: LikelihoodModel,
  options: LabelCommandOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const { answer, overflow, threshold, humanLabels, force = false, restart = false } = options;
  const bar = startLabelBar();
  try {
    const task = {
      ...{ source, out, model, settings: cpmiSettings(options), overflow, humanLabels, force, restart },
      ...(await readOptions(options)),
      ...(answer === undefined ? {} : { answer }),
      ...(threshold === undefined ? {} : { threshold }),
    };
    const { made } = await labelFile(task, {
      signal,
      onProgress: (progress) => bar.show(progress),
      onProblem(problem) {
        bar.clear();
        reportProblem(source, problem);
      },
    });
    bar.stop();
    process.stdout.write(summary(out, made));
    return true;
  } catch (error) {
    bar.stop();
    if (signal.aborted) {
      process.stderr.write(`${source}: what was scored is kept; the same command goes on with it\n`);
    }
    if (error instanceof UnknownFormatError || error instanceof PatternError) {
      throw new CliError(error.message, 2);
    }
    if (!(error instanceof LabelError)) throw error;
    process.stderr.write(`steplens: ${error.message}\n`);
    return false;
  } finally {
    bar.stop();
  }
}

function summary(out: string, { counts, softLabels }: LabelMeta): string {
  const { scored, steps, correct, neutral, incorrect, notScored, brokenRecords, human, resumed } = counts;
  const parts = [
    `${correct} correct, ${neutral > 0 ? `${neutral} neutral, ` : ''}${incorrect} incorrect`,
    ...(human > 0 ? [`${human} set by people`] : []),
    ...(resumed > 0 ? [`${resumed} traces from an earlier run`] : []),
    ...(notScored > 0 ? [`${notScored} traces could not be scored`] : []),
    ...(brokenRecords > 0 ? [`${brokenRecords} records could not be read`] : []),
  ];
  const scale = `soft labels: center ${softLabels.center.toPrecision(3)}, scale ${softLabels.scale.toPrecision(3)} (${softLabels.method})`;
  return `${out}: ${scored} traces, ${steps} steps: ${parts.join('; ')}\n${scale}\n`;
}
