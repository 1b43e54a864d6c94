import { type Command, InvalidArgumentError } from 'commander';
import {
  checkPattern,
  FORMATS,
  PatternError,
  type ReadOptions,
  SPLITTINGS,
  type Splitting,
} from '../trajectory';
import { CliError } from './errors';

/** Options of every subcommand that reads trace files: what they are read as. */
export interface ReadingOptions {
  readonly format?: string;
  readonly split?: Splitting;
  readonly limit?: number;
}

/** Adds them, each with a check whose message names what the option wants. */
export function addReadingOptions(command: Command): Command {
  return command
    .option('--format <id>', 'read the files as this format instead of detecting it')
    .option('--split <how>', `how steps are cut: ${SPLITTINGS.join(', ')}, or pattern:<regex>`, splitting);
}

/**
 * What the options say, as the reader takes it.
 * @throws {CliError} (2) where an option names what there is not
 */
export async function readOptions(options: ReadingOptions, signal?: AbortSignal): Promise<ReadOptions> {
  const { format, split, limit } = options;
  if (format !== undefined && !FORMATS.some(({ id }) => id === format)) {
    const known = FORMATS.map(({ id }) => id).join(', ');
    throw new CliError(`there is no format "${format}"; the formats are ${known}`, 2);
  }
  return {
    ...(format === undefined ? {} : { format }),
    ...(split === undefined ? {} : { splitting: split }),
    ...(limit === undefined ? {} : { limit }),
    ...(signal ? { signal } : {}),
  };
}

const PATTERN = 'pattern:';

/** `given`, `numbered`, `blank-line`, `sentence`, or `pattern:` and a regular expression. */
export function splitting(text: string): Splitting {
  const named = SPLITTINGS.find((name) => name === text);
  if (named) return named;
  if (!text.startsWith(PATTERN)) {
    throw new InvalidArgumentError(`It takes ${SPLITTINGS.join(', ')} or pattern:<regex>.`);
  }
  const pattern = text.slice(PATTERN.length);
  try {
    checkPattern(pattern);
  } catch (error) {
    if (error instanceof PatternError) throw new InvalidArgumentError(`${error.message}.`);
    throw error;
  }
  return { pattern };
}
