import type { Command } from 'commander';
import { isColorSupported } from 'picocolors';
import {
  type DetectedFormat,
  detectFormat,
  type FieldMapping,
  proposeFields,
  type ReadOptions,
  type RecordProblem,
  readRecords,
  readTrajectories,
  type Trajectory,
} from '../trajectory';
import { CliError } from './errors';
import { expandInputs, TRACE_FILES_ARGUMENT } from './inputs';
import { interruptSignal } from './interrupt';
import { addReadingOptions, type ReadingOptions, readOptions } from './reading';
import { renderFound } from './render-found';
import { columns } from './terminal';
import { readError, reportProblem } from './traces';

interface FormatsCommandOptions extends ReadingOptions {
  readonly json?: boolean;
  readonly count?: boolean;
}

/** What one file was found to be. */
export interface FoundFile {
  readonly file: string;
  /** All formats that it can be read as, the most likely first. */
  readonly formats: readonly DetectedFormat[];
  /** What it is read as: the first of them, unless the options say otherwise. */
  readonly format: string | null;
  /** The first trace, as it is read. */
  readonly trace: Trajectory | null;
  /** Records before the first trace that could not be read; with `--count` the first ones of the file. */
  readonly problems: readonly RecordProblem[];
  /** Where no format fits: a mapping for `--fields`, as far as one can be guessed from the first record. */
  readonly proposed?: FieldMapping;
  /** With `--count`: how many there are in the whole file. */
  readonly counts?: { readonly traces: number; readonly problems: number };
}

/** Broken records that are told one by one, and after which no first trace is looked for any more. */
const MAX_PROBLEMS = 20;

export function formatsCommand(program: Command): void {
  addReadingOptions(program.command('formats'))
    .description('say what trace files are read as, and why, with the first trace as it is read')
    .argument('<files...>', TRACE_FILES_ARGUMENT)
    .option('--json', 'print one JSON object a file and nothing else')
    .option('--count', 'read the files to their ends and count their traces')
    .action(async (paths: string[], options: FormatsCommandOptions) => {
      const files = await expandInputs(paths);
      const signal = interruptSignal();
      const reading = await readOptions(options, signal);
      let without = 0;
      for (const file of files) {
        const found = await findOut(file, reading, options);
        if (!found.trace) without++;
        print(found, options);
      }
      if (without > 0)
        throw new CliError(`${without} of ${files.length} files hold no trace that can be read`);
    });
}

/** @throws {CliError} where the file cannot be read at all */
async function findOut(file: string, reading: ReadOptions, options: ReadingOptions & { count?: boolean }) {
  const problems: RecordProblem[] = [];
  const counts = { traces: 0, problems: 0 };
  let first: Trajectory | undefined;
  try {
    const formats = await detectFormat({ path: file });
    for await (const item of readTrajectories({ path: file }, reading)) {
      if ('trajectory' in item) {
        counts.traces++;
        first ??= item.trajectory;
      } else {
        counts.problems++;
        if (problems.length < MAX_PROBLEMS) problems.push(item.problem);
      }
      if (!options.count && (first || counts.problems >= MAX_PROBLEMS)) break;
    }
    const proposed = formats.length === 0 && !first ? await propose(file) : undefined;
    return {
      file,
      formats,
      format: first?.format ?? reading.format ?? formats[0]?.id ?? null,
      trace: first ?? null,
      problems,
      ...(proposed ? { proposed } : {}),
      ...(options.count ? { counts } : {}),
    } satisfies FoundFile;
  } catch (error) {
    throw readError(file, error);
  }
}

/** A mapping guessed from the first good record. */
async function propose(file: string): Promise<FieldMapping | undefined> {
  for await (const record of readRecords({ path: file })) {
    if ('node' in record && record.node) return proposeFields(record.node).mapping;
  }
  return undefined;
}

function print(found: FoundFile, { json }: FormatsCommandOptions): void {
  if (json) {
    process.stdout.write(`${JSON.stringify(found)}\n`);
    return;
  }
  for (const problem of found.problems) reportProblem(found.file, problem);
  const color = isColorSupported && process.stdout.isTTY === true;
  process.stdout.write(`${renderFound(found, { color, width: columns(process.stdout) })}\n`);
}
