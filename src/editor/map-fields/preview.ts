import {
  checkFields,
  type FieldMapping,
  type FieldProposal,
  FieldsError,
  proposeFields,
  type RecordProblem,
  readRecords,
  readTrajectories,
  type TraceSource,
  type Trajectory,
} from '../../trajectory';

/** The fields that a person is asked for, in this order. `records` comes with the proposal. */
export const ASKED = ['question', 'steps', 'answer', 'negatives', 'labels', 'id'] as const;
export type AskedField = (typeof ASKED)[number];

/** What is proposed for the first good record of a source; undefined where it holds no JSON. */
export async function proposalFor(source: TraceSource): Promise<FieldProposal | undefined> {
  for await (const record of readRecords(source)) {
    if ('node' in record && record.node) return proposeFields(record.node);
  }
  return undefined;
}

/** What a mapping makes of a source: its first trace, or why there is none. */
export type Preview = { readonly trajectory: Trajectory } | { readonly problem: RecordProblem };

/** Broken records before the first trace that are passed over. */
const PATIENCE = 20;

/** The first trace as the mapping reads it. */
export async function preview(source: TraceSource, fields: FieldMapping): Promise<Preview> {
  let first: RecordProblem | undefined;
  let problems = 0;
  for await (const item of readTrajectories(source, { fields })) {
    if ('trajectory' in item) return item;
    first ??= item.problem;
    if (++problems >= PATIENCE) break;
  }
  return { problem: first ?? { line: 1, reason: 'the file holds no JSON record' } };
}

/** What is wrong with one field's path, as a sentence; undefined where nothing is. */
export function faultOf(field: AskedField, path: string): string | undefined {
  try {
    checkFields({ steps: '$', [field]: path });
    return undefined;
  } catch (error) {
    if (error instanceof FieldsError) return error.message;
    throw error;
  }
}

/**
 * The mapping of what was chosen, with the place of the records as it was proposed.
 * @throws {FieldsError} no steps were chosen, or a path is malformed
 */
export function mappingOf(chosen: ReadonlyMap<AskedField, string>, proposal: FieldProposal): FieldMapping {
  const records = proposal.mapping?.records;
  return checkFields({ ...(records === undefined ? {} : { records }), ...Object.fromEntries(chosen) });
}
