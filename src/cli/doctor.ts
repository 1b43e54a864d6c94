import type { Command } from 'commander';
import { version } from '../../package.json';
import { examine, isBroken, reportText } from '../models/doctor';
import { CliError } from './errors';
import { interruptSignal } from './interrupt';
import { BUNDLED_MODEL, modelStore, runtimeChoice, WORKER } from './model';
import { printable } from './terminal';

/** `steplens doctor`: exit code 1 where something is broken. */
export function doctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('try out everything that scoring depends on, and say what to do where something is broken')
    .option('--json', 'print one JSON object and nothing else')
    .action(async ({ json }: { json?: boolean }) => {
      const report = await examine({
        version,
        store: modelStore(),
        bundled: BUNDLED_MODEL,
        worker: WORKER,
        runtime: runtimeChoice(),
        signal: interruptSignal(),
      });
      process.stdout.write(json ? `${JSON.stringify(report)}\n` : printable(reportText(report)));
      if (isBroken(report)) throw new CliError('something is broken');
    });
}
