import { PatternError, type ReadOptions, type RecordProblem, readTrajectories } from '../trajectory';
import { type WithSiblings, withEarlierSiblings, withSiblings } from '../trajectory/siblings';
import { CliError, fileError, isFileError } from './errors';
import { oneLine } from './terminal';

/**
 * The traces of a file with their siblings' answers. Broken records are reported on stderr as `file:line: reason` and
 * the rest goes on.
 * @throws {CliError} where the file cannot be read at all
 */
export async function* tracesOf(
  path: string,
  options: ReadOptions & { readonly onProblem?: () => void },
): AsyncGenerator<WithSiblings> {
  try {
    const items = readTrajectories({ path }, options);
    for await (const item of options.follow ? withEarlierSiblings(items) : withSiblings(items)) {
      if (!('problem' in item)) {
        yield item;
        continue;
      }
      options.onProblem?.();
      reportProblem(path, item.problem);
    }
    const { gold } = options;
    if (gold && gold.joined.none > 0 && gold.joined.question + gold.joined.id === 0) {
      process.stderr.write(
        `${oneLine(path)}: no question and no id of a trace is found in ${oneLine(gold.name)}\n`,
      );
    }
  } catch (error) {
    throw readError(path, error);
  }
}

/** What reading a file can fail with, as an error that the user can act on; anything else as it is. */
export function readError(path: string, error: unknown): unknown {
  if (error instanceof PatternError) return new CliError(`${path}: ${error.message}`);
  return isFileError(error) ? fileError(path, error) : error;
}

/** `file:line: reason` on stderr. What the reason quotes of the file can do no harm to the terminal. */
export function reportProblem(path: string, { line, reason }: RecordProblem): void {
  process.stderr.write(`${oneLine(path)}:${line}: ${oneLine(reason)}\n`);
}
