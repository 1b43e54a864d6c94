import { type Command, Option } from 'commander';
import { EXPORTS, exportLabels, LabelError, NEUTRAL_AS, type NeutralAs } from '../labels';
import { CliError } from './errors';
import { interruptSignal } from './interrupt';
import { reportProblem } from './traces';

interface ExportCommandOptions {
  readonly to: string;
  readonly out?: string;
  readonly neutral?: NeutralAs;
  readonly force?: boolean;
}

export function exportCommand(program: Command): void {
  const formats = EXPORTS.map((format) => format.id);
  program
    .command('export')
    .description('write labels in the format of a trainer')
    .argument('<file>', 'labels, as steplens label writes them (<name>.cpmi.jsonl)')
    .addOption(
      new Option('--to <format>', 'what to write; docs/labels.md describes each format')
        .choices(formats)
        .makeOptionMandatory(),
    )
    .option('--out <file>', 'where to (default: <name>.<format>.jsonl beside the labels)')
    .addOption(
      new Option(
        '--neutral <how>',
        'neutral steps, where the format has no word for them: join the step to the next one (drop), or call it right or wrong',
      ).choices(NEUTRAL_AS),
    )
    .option('--force', 'overwrite a file that is there already')
    .action(async (source: string, { to, out, neutral, force = false }: ExportCommandOptions) => {
      const format = EXPORTS.find(({ id }) => id === to);
      if (!format) throw new CliError(`there is no format "${to}"; the formats are ${formats.join(', ')}`, 2);
      const task = {
        ...{ source, to: format, force },
        ...(out === undefined ? {} : { out }),
        ...(neutral === undefined ? {} : { neutral }),
      };
      try {
        const onProblem = (problem: { line: number; reason: string }) => reportProblem(source, problem);
        const result = await exportLabels(task, { signal: interruptSignal(), onProblem });
        const missing = result.problems > 0 ? `; ${result.problems} left out` : '';
        process.stdout.write(`${result.out}: ${result.traces} traces, ${result.steps} steps${missing}\n`);
      } catch (error) {
        if (!(error instanceof LabelError)) throw error;
        throw new CliError(
          error.kind === 'neutral' ? `${source}: ${error.message}` : error.message,
          error.kind === 'neutral' ? 2 : 1,
        );
      }
    });
}
