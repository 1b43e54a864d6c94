import type { Command } from 'commander';
import { LabelError, writeWhole } from '../labels';
import type { LikelihoodModel } from '../likelihood/likelihood-model';
import { CliError } from './errors';
import { countsOf, measure, summary } from './evaluation/measure';
import { renderEvaluation } from './evaluation/report';
import {
  type EvaluationContext,
  type EvaluationFile,
  holdsRewards,
  scoredTraces,
  storedTraces,
} from './evaluation/traces';
import { interruptSignal } from './interrupt';
import { startModel } from './model';
import { number } from './numbers';
import { addScoringOptions, cpmiSettings, type ScoringOptions } from './options';
import { startProgress } from './progress';
import { printable } from './terminal';

interface EvalCommandOptions extends ScoringOptions {
  readonly json?: boolean;
  readonly tune?: string;
  readonly threshold?: number;
  readonly save?: string;
  readonly force?: boolean;
  readonly from?: string[];
}

export function evalCommand(program: Command): void {
  addScoringOptions(program.command('eval'))
    .description('measure how well rewards find the first error of labelled traces')
    .argument('[files...]', 'labelled trace files, or files of rewards (label, eval --save)')
    .option('--json', 'print one JSON object and nothing else')
    .option('--tune <file>', 'labelled traces on which the threshold for the ProcessBench F1 is tuned')
    .option('--threshold <reward>', 'threshold for the ProcessBench F1', number())
    .option('--save <file>', 'keep the rewards of the files, to evaluate them again without scoring')
    .option('--from <files...>', 'rewards kept by --save or written by label, instead of scoring')
    .option('--force', 'let --save overwrite a file')
    .action(async (files: string[], options: EvalCommandOptions) => {
      const { from = [], save, tune, threshold } = options;
      if (files.length + from.length === 0) throw new CliError('there is no file to evaluate', 2);
      if (tune !== undefined && threshold !== undefined) {
        throw new CliError('--tune and --threshold both give the threshold; one of them is enough', 2);
      }
      try {
        const signal = interruptSignal(); // before the file to save in is made, so that none is left behind
        const run = (line?: (text: string) => Promise<void>) => evaluate(files, options, signal, line);
        if (save === undefined) await run();
        else await writeWhole(save, options.force ?? false, (file) => run((text) => file.add(text)));
      } catch (error) {
        throw error instanceof LabelError ? new CliError(error.message) : error;
      }
    });
}

async function evaluate(
  files: readonly string[],
  options: EvalCommandOptions,
  signal: AbortSignal,
  save?: (line: string) => Promise<void>,
): Promise<void> {
  const { from = [], tune, threshold } = options;
  const progress = startProgress(undefined);
  let model: Promise<LikelihoodModel> | undefined;
  const context: EvaluationContext = {
    options,
    signal,
    model() {
      model ??= startModel(options);
      return model;
    },
    onTrace: ({ rewards, cost }) => progress.traceDone(rewards.length, cost?.computedPositions ?? 0),
    onProblem: () => progress.clear(),
  };
  const read = async (file: string, more: Partial<EvaluationContext> = {}) => {
    if (await holdsRewards(file)) return storedTraces(file, context);
    scoredHere = true;
    return scoredTraces(file, { ...context, ...more });
  };
  const found: EvaluationFile[] = [];
  let scoredHere = false;
  let tuning: EvaluationFile | undefined;
  try {
    for (const file of files) found.push(await read(file, save ? { save } : {}));
    for (const file of from) found.push(await storedTraces(file, context));
    if (tune !== undefined) tuning = await read(tune);
  } finally {
    progress.stop();
    await model?.then(
      (started) => started.dispose(),
      () => undefined,
    );
  }
  const traces = found.flatMap((file) => file.traces);
  if (traces.length === 0)
    throw new CliError('no labelled trace was found (first_error, or a label on every step)');
  const measured = measure(traces, tuning?.traces, options.negativeWeight, threshold);
  const counts = countsOf(found, measured);
  const models = [...new Map(traces.flatMap(({ model: id }) => (id ? [[id.sha256, id]] : []))).values()];
  // Of rewards that were read back only the model is known.
  const settings = scoredHere ? cpmiSettings(options) : null;
  if (options.json) {
    const results = Object.fromEntries(measured.map(({ key, evaluation }) => [key, evaluation]));
    const said = { files: [...files, ...from], tunedOn: tune ?? null, settings, models, counts, ...results };
    process.stdout.write(`${JSON.stringify(said)}\n`);
  } else {
    const how = settings
      ? `${settings.estimator}, K = ${settings.templates}${settings.templatePosition === 'after' ? ' after the steps' : ''}, M = ${settings.negatives}, ${settings.chat ? 'chat template, ' : ''}`
      : '';
    const names = models.map((id) => printable(id.name)).join(', ');
    process.stdout.write(`${summary(counts)}\n${how}${names}\n\n${renderEvaluation(measured)}`);
  }
}
