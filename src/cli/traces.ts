import { type RecordProblem, readTrajectories, UnknownFormatError } from '../trajectory';
import { type WithSiblings, withSiblings } from '../trajectory/siblings';
import { CliError, fileError, isFileError } from './errors';

/**
 * The traces of a file with their siblings' answers. Broken records are reported on stderr as `file:line: reason` and
 * the rest goes on.
 * @throws {CliError} where the file cannot be read at all
 */
export async function* tracesOf(
  path: string,
  options: { format?: string; limit?: number; signal: AbortSignal; onProblem?: () => void },
): AsyncGenerator<WithSiblings> {
  const { format, limit, signal } = options;
  try {
    const items = readTrajectories(
      { path },
      { signal, ...(format === undefined ? {} : { format }), ...(limit === undefined ? {} : { limit }) },
    );
    for await (const item of withSiblings(items)) {
      if (!('problem' in item)) {
        yield item;
        continue;
      }
      options.onProblem?.();
      reportProblem(path, item.problem);
    }
  } catch (error) {
    if (error instanceof UnknownFormatError) throw new CliError(error.message, 2);
    throw isFileError(error) ? fileError(path, error) : error;
  }
}

export function reportProblem(path: string, { line, reason }: RecordProblem): void {
  process.stderr.write(`${path}:${line}: ${reason}\n`);
}
