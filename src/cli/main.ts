import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { ModelFolderError } from '../likelihood/model-folder-error';
import { ServerError } from '../likelihood/server';
import { doctorCommand } from './doctor';
import { CliError } from './errors';
import { evalCommand } from './eval';
import { exportCommand } from './export';
import { formatsCommand } from './formats';
import { labelCommand } from './label';
import { mergeCommand } from './merge';
import { modelCommand } from './model-command';
import { scoreCommand } from './score';
import { statsCommand } from './stats';
import { printable } from './terminal';

/** The command `steplens`. Exit codes: 0 done, 1 nothing could be done, 2 bad usage, 130 interrupted. */
async function main(): Promise<number> {
  const program = new Command('steplens')
    .description('Step rewards for reasoning traces (CPMI) from a local language model.')
    .version(version)
    .showHelpAfterError('(steplens --help lists the options)')
    .exitOverride();
  scoreCommand(program);
  labelCommand(program);
  mergeCommand(program);
  evalCommand(program);
  exportCommand(program);
  statsCommand(program);
  formatsCommand(program);
  modelCommand(program);
  doctorCommand(program);
  try {
    await program.parseAsync();
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has printed its message
    if (error instanceof CliError) {
      process.stderr.write(`steplens: ${error.message}\n`);
      return error.exitCode;
    }
    if (error instanceof ServerError || error instanceof ModelFolderError) {
      process.stderr.write(`steplens: ${printable(error.message)}\n`);
      return 1;
    }
    if (error instanceof DOMException && error.name === 'AbortError') {
      process.stderr.write('steplens: interrupted\n');
      return 130;
    }
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  }
}

/** A reader that goes away (`| head`) is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

// Not before what was printed has left: on Windows a pipe is written asynchronously.
void main().then((code) => process.stdout.write('', () => process.exit(code)));
