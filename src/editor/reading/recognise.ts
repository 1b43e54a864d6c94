import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  checkFields,
  detectFormat,
  type FieldMapping,
  FieldsError,
  type GoldAnswers,
  GoldError,
  PatternError,
  parseSplitting,
  type ReadOptions,
  readGold,
  readTrajectories,
  type TraceSource,
} from '../../trajectory';
import { RECOGNITION, type RecognisedFormat } from './protocol';
import type { ChosenFields, ReadingTerms } from './terms';

/** Records that are looked at to tell whether a mapping fits a file. */
const LOOKED_AT = 20;

/** A file that was recognised: as what, and how it is to be read. */
export interface Recognised {
  readonly format: RecognisedFormat;
  readonly options: ReadOptions;
}

/**
 * Tells what a source is: the mapped fields where they are meant for it, else the format that fits best.
 * @param confidence how well a format must fit; 0 takes whatever fits best
 * @throws the file system's own errors
 */
export async function recognise(
  source: TraceSource,
  { options, fields }: CheckedTerms,
  confidence: number,
): Promise<Recognised | null> {
  const [best] = await detectFormat(source);
  const isKnown = best !== undefined && best.confidence >= RECOGNITION;
  if (fields && (fields.always || !isKnown) && (await fits(source, fields.mapping))) {
    const format = { id: 'fields', label: 'mapped fields', confidence: 1, reason: 'the fields are mapped' };
    return { format, options: { ...options, fields: fields.mapping } };
  }
  return best && best.confidence >= confidence
    ? { format: best, options: { ...options, format: best.id } }
    : null;
}

/** Whether one of the first records gives a trace. */
async function fits(source: TraceSource, fields: FieldMapping): Promise<boolean> {
  let looked = 0;
  for await (const item of readTrajectories(source, { fields })) {
    if ('trajectory' in item) return true;
    if (++looked >= LOOKED_AT) break;
  }
  return false;
}

/** Terms as the reader takes them. What cannot be used is left out, and told in `faults`. */
export interface CheckedTerms {
  readonly options: Pick<ReadOptions, 'splitting' | 'gold'>;
  readonly fields?: { readonly mapping: FieldMapping; readonly always: boolean };
  readonly faults: readonly string[];
}

export async function checkTerms({ split, fields, gold }: ReadingTerms): Promise<CheckedTerms> {
  const faults: string[] = [];
  const attempt = async <T>(setting: string, read: () => T | Promise<T>): Promise<T | undefined> => {
    try {
      return await read();
    } catch (error) {
      faults.push(`steplens.${setting}: ${faultOf(error)}`);
      return undefined;
    }
  };
  const splitting = await attempt('split', () => parseSplitting(split));
  const chosen = fields && (await attempt('fields', () => checked(fields)));
  const answers = gold === undefined ? undefined : await attempt('gold', () => goldOf(gold));
  return {
    options: { ...(splitting && splitting !== 'given' && { splitting }), ...(answers && { gold: answers }) },
    ...(chosen && { fields: chosen }),
    faults,
  };
}

const checked = ({ mapping, always }: ChosenFields) => ({ mapping: checkFields(mapping), always });

/** @throws what is no fault of the person's */
function faultOf(error: unknown): string {
  const isTheirs =
    error instanceof PatternError ||
    error instanceof FieldsError ||
    error instanceof GoldError ||
    (error instanceof Error && 'syscall' in error);
  if (!isTheirs) throw error;
  return error.message;
}

/** The file that was read last: all open files have the same one, as a rule. */
let known: { readonly key: string; readonly answers: Promise<GoldAnswers> } | undefined;

async function goldOf(path: string): Promise<GoldAnswers> {
  const { size, mtimeMs } = await stat(path);
  const key = `${path} ${size} ${mtimeMs}`;
  if (known?.key !== key) known = { key, answers: readGold({ path }, basename(path)) };
  return known.answers;
}
