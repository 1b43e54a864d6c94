import * as v from 'valibot';
import { AnswerError } from './dialect';

/**
 * The answer as the schema has it.
 * @throws {AnswerError} naming the place where it is otherwise
 */
export function shaped<S extends v.GenericSchema>(schema: S, answer: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, answer, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  throw new AnswerError(
    `${path ? `${path}: ` : ''}${issue.expected ?? 'something else'} expected, got ${issue.received}`,
  );
}

/** A list of one element: one prompt was sent. */
export const only = <S extends v.GenericSchema>(item: S) => v.pipe(v.array(item), v.length(1));
