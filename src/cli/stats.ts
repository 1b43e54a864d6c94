import type { Command } from 'commander';
import {
  LabelError,
  labelStats,
  refuseOverSource,
  statsLine,
  statsPage,
  statsTables,
  writeWhole,
} from '../labels';
import { CliError } from './errors';
import { interruptSignal } from './interrupt';
import { table } from './table';
import { printable } from './terminal';
import { reportProblem } from './traces';

interface StatsCommandOptions {
  readonly html?: string;
  readonly json?: boolean;
  readonly force?: boolean;
}

export function statsCommand(program: Command): void {
  program
    .command('stats')
    .description('rewards by step and outcome, balance of the labels, agreement with other labels')
    .argument('<file>', 'labels, as steplens label writes them (<name>.cpmi.jsonl)')
    .option('--html <file>', 'write a page with plots')
    .option('--json', 'print one JSON object and nothing else')
    .option('--force', 'let --html overwrite a file')
    .action(async (source: string, { html, json, force = false }: StatsCommandOptions) => {
      try {
        const stats = await labelStats(source, {
          signal: interruptSignal(),
          onProblem: (problem) => reportProblem(source, problem),
        });
        if (html !== undefined) {
          await refuseOverSource(source, html);
          await writeWhole(html, force, (file) => file.add(statsPage(stats, source)));
        }
        if (json) process.stdout.write(`${JSON.stringify(stats)}\n`);
        else {
          const tables = statsTables(stats).map(({ title, rows }) => `\n${title}\n${table(rows, '  ')}`);
          process.stdout.write(`${printable(statsLine(stats))}\n${tables.join('')}`);
        }
      } catch (error) {
        throw error instanceof LabelError ? new CliError(error.message) : error;
      }
    });
}
