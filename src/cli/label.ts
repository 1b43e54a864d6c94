import { type Command, InvalidArgumentError } from 'commander';
import { inOrder, LabelError, labelFile, parseShard, type Shard, shardPath } from '../labels';
import type { LikelihoodModel } from '../likelihood/likelihood-model';
import { ServerError } from '../likelihood/server';
import { PatternError, UnknownFormatError } from '../trajectory';
import { CliError } from './errors';
import { expandInputs, keepStdin, type LabelJob, labelJobs, STDIN, TRACE_FILES_ARGUMENT } from './inputs';
import { interruptSignal } from './interrupt';
import { type LabelBar, startLabelBar } from './label-progress';
import { labelSummary, shardSummary } from './label-summary';
import { startModels } from './model';
import { number, whole } from './numbers';
import { addScoringOptions, cpmiSettings, type ScoringOptions } from './options';
import { readOptions } from './reading';
import { reportProblem } from './traces';

interface LabelCommandOptions extends ScoringOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly restart?: boolean;
  readonly threshold?: number;
  readonly humanLabels: boolean;
  readonly jobs?: number;
  readonly shard?: Shard;
}

/** What the files of one call have in common. */
interface Common {
  readonly model: LikelihoodModel;
  readonly options: LabelCommandOptions;
  readonly signal: AbortSignal;
  readonly bar: LabelBar;
}

export function labelCommand(program: Command): void {
  addScoringOptions(program.command('label'))
    .description('score every trace of a file and write step labels beside it (<name>.cpmi.jsonl)')
    .argument('<files...>', `${TRACE_FILES_ARGUMENT}, - for standard input`)
    .option('--out <file>', 'where the labels of a single file go')
    .option('--force', 'overwrite labels that are there already')
    .option('--restart', 'begin again instead of going on with what an interrupted run has scored')
    .option(
      '--threshold <reward>',
      'a step is correct from this reward on (default: soft label 0.5)',
      number(),
    )
    .option('--no-human-labels', 'leave out labels and gold answers set by people (<name>.steplens.json)')
    .option(
      '--jobs <N>',
      'score N traces at a time, each in a process of its own (default: 1; with --server 16 a server)',
      whole(1, 1024),
    )
    .option(
      '--shard <k/n>',
      'score only part k of n of the traces; steplens merge makes labels of all parts',
      shard,
    )
    .action(async (files: string[], options: LabelCommandOptions) => {
      const jobs = sharded(await labelJobs(await expandInputs(files), options.out), options.shard);
      const atOnce = jobsOf(options);
      await readOptions(options); // what cannot be read so is said before the model starts
      const signal = interruptSignal();
      const model = await startModels(options, atOnce);
      const bar = startLabelBar();
      // An error that ends the run ends the work on other files, too.
      const stop = new AbortController();
      signal.addEventListener('abort', () => stop.abort(signal.reason), { once: true });
      const common = { model, options, signal: stop.signal, bar };
      const label = (job: LabelJob) =>
        labelJob(job, common).catch((error: unknown) => {
          stop.abort(error);
          throw stop.signal.reason;
        });
      let failed = 0;
      try {
        // Small files leave processes idle at their ends, so several are worked on at a time, too.
        for await (const said of inOrder(jobs, atOnce, label)) {
          bar.clear();
          if (said === undefined) failed++;
          else process.stdout.write(said);
        }
      } finally {
        bar.stop();
        await model.dispose();
      }
      if (failed > 0) throw new CliError(`${failed} of ${jobs.length} files were not labelled`);
    });
}

async function labelJob(job: LabelJob, common: Common): Promise<string | undefined> {
  if (job.source !== STDIN) return labelOne(job, common);
  const kept = await keepStdin(common.signal);
  try {
    return await labelOne({ ...job, source: kept.path }, common);
  } finally {
    await kept.remove();
  }
}

/** Labels one file; what is to be said of it. What stands in its way is told, and the other files go on. */
async function labelOne(
  { source, out }: LabelJob,
  { model, options, signal, bar }: Common,
): Promise<string | undefined> {
  const { answer, overflow, threshold, humanLabels, shard, force = false, restart = false } = options;
  const jobs = jobsOf(options);
  try {
    const task = {
      ...{ source, out, model, settings: cpmiSettings(options), overflow, humanLabels, force, restart, jobs },
      ...(await readOptions(options)),
      ...(answer === undefined ? {} : { answer }),
      ...(threshold === undefined ? {} : { threshold }),
      ...(shard ? { shard } : {}),
    };
    const { made } = await labelFile(task, {
      signal,
      onProgress: (progress) => bar.show(source, progress),
      onProblem(problem) {
        bar.clear();
        reportProblem(source, problem);
      },
    });
    return shard ? shardSummary(out, shard, made) : labelSummary(out, made);
  } catch (error) {
    bar.clear();
    if (signal.aborted || error instanceof ServerError) {
      process.stderr.write(`${source}: what was scored is kept; the same command goes on with it\n`);
    }
    if (error instanceof UnknownFormatError || error instanceof PatternError) {
      throw new CliError(error.message, 2);
    }
    if (!(error instanceof LabelError)) throw error;
    process.stderr.write(`steplens: ${error.message}\n`);
    return undefined;
  } finally {
    bar.done(source);
  }
}

/** A server works on many traces at a time; a model on this machine takes all of it for one. */
function jobsOf({ jobs, server = [] }: LabelCommandOptions): number {
  return jobs ?? Math.max(1, 16 * server.length);
}

/** Every shard of a file goes to a file of its own. */
function sharded(jobs: readonly LabelJob[], shard: Shard | undefined): readonly LabelJob[] {
  return shard ? jobs.map(({ source, out }) => ({ source, out: shardPath(out, shard) })) : jobs;
}

function shard(text: string): Shard {
  const parsed = parseShard(text);
  if (parsed) return parsed;
  throw new InvalidArgumentError('It takes k/n, part k of n: 1/8 to 8/8.');
}
