import { basename } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import {
  type FieldMapping,
  FieldsError,
  FORMATS,
  type GoldAnswers,
  GoldError,
  PatternError,
  parseFields,
  parseSplitting,
  type ReadOptions,
  readGold,
  SPLITTINGS,
  type Splitting,
} from '../trajectory';
import { CliError, fileError, isFileError } from './errors';

/** Options of every subcommand that reads trace files: what they are read as. */
export interface ReadingOptions {
  readonly format?: string;
  readonly fields?: FieldMapping;
  readonly split?: Splitting;
  readonly gold?: string;
  readonly limit?: number;
}

/** Adds them, each with a check whose message names what the option wants. */
export function addReadingOptions(command: Command): Command {
  return command
    .option('--format <id>', 'read the files as this format instead of detecting it')
    .option(
      '--fields <paths>',
      'where JSON of an unknown schema says what (JSONPath): question=$.prompt,steps=$.chain[*].text',
      fields,
    )
    .option('--split <how>', `how steps are cut: ${SPLITTINGS.join(', ')}, or pattern:<regex>`, splitting)
    .option('--gold <file>', 'right answers of traces whose file has none, joined by question or id');
}

/**
 * What the options say, as the reader takes it.
 * @throws {CliError} where an option names what there is not
 */
export async function readOptions(options: ReadingOptions, signal?: AbortSignal): Promise<ReadOptions> {
  const { format, split, limit, gold, fields: mapping } = options;
  if (format !== undefined && mapping) {
    throw new CliError('--format and --fields both say how the files are read; one of them is enough', 2);
  }
  if (format !== undefined && !FORMATS.some(({ id }) => id === format)) {
    const known = FORMATS.map(({ id }) => id).join(', ');
    throw new CliError(`there is no format "${format}"; the formats are ${known}`, 2);
  }
  return {
    ...(format === undefined ? {} : { format }),
    ...(mapping ? { fields: mapping } : {}),
    ...(split === undefined ? {} : { splitting: split }),
    ...(gold === undefined ? {} : { gold: await goldFrom(gold, signal) }),
    ...(limit === undefined ? {} : { limit }),
    ...(signal ? { signal } : {}),
  };
}

/** Read once, however many files are joined with it. */
const goldFiles = new Map<string, Promise<GoldAnswers>>();

async function goldFrom(path: string, signal?: AbortSignal): Promise<GoldAnswers> {
  const reading = goldFiles.get(path) ?? readGold({ path }, basename(path), signal);
  goldFiles.set(path, reading);
  try {
    return await reading;
  } catch (error) {
    if (error instanceof GoldError) throw new CliError(`--gold ${error.message}`);
    throw isFileError(error) ? fileError(path, error) : error;
  }
}

function fields(text: string): FieldMapping {
  try {
    return parseFields(text);
  } catch (error) {
    if (error instanceof FieldsError) throw new InvalidArgumentError(`${error.message}.`);
    throw error;
  }
}

export function splitting(text: string): Splitting {
  try {
    return parseSplitting(text);
  } catch (error) {
    if (error instanceof PatternError) throw new InvalidArgumentError(`${error.message}.`);
    throw error;
  }
}
