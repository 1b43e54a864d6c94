import { readFinalAnswer } from '../answers';
import { goldOf } from '../formats/chat/gold';
import { firstText } from '../formats/support';
import type { JsonObject } from '../json';
import { readRecords } from '../reader/open';
import { detectFormat, readTrajectories } from '../reader/read';
import type { TraceSource } from '../reader/source';
import { isProblem } from '../reader/splitter';
import { TooManyAnswersError } from './answer-table';
import { GoldAnswers } from './gold-answers';

const IDS = [
  'id',
  'question_id',
  'problem_id',
  'example_id',
  'uid',
  'uuid',
  'idx',
  'index',
  'unique_id',
] as const;
const QUESTIONS = ['question', 'problem', 'query', 'prompt', 'instruction', 'input'] as const;
const SOLUTIONS = ['final_answer', 'expected', 'label', 'solution', 'response', 'output'] as const;

/** As sure as that, a file is read in its format; below, its records are looked at for an answer's usual names. */
const SURE = 0.8;
/** An answer longer than this is a solution that ends in one. */
const LONG_ANSWER = 120;

/** A file of right answers that cannot be used; the message says why. */
export class GoldError extends Error {
  override readonly name = 'GoldError';
}

/**
 * Reads a file of right answers: one of any format that says them, or JSON records with an answer beside an id or a
 * question, or one object from ids to answers. Memory is bounded: only hashes of ids and questions are kept.
 * @throws {GoldError} it holds no answer, or too many
 * @throws the file system's own errors
 */
export async function readGold(
  source: Extract<TraceSource, { path: string } | { text: string }>,
  name: string,
  signal?: AbortSignal,
): Promise<GoldAnswers> {
  const gold = new GoldAnswers(name);
  const [best] = await detectFormat(source);
  try {
    if (best && best.confidence >= SURE) await readTraces(source, gold, signal);
    if (gold.size === 0) await readPlain(source, gold, signal);
  } catch (error) {
    throw error instanceof TooManyAnswersError ? new GoldError(`${name}: ${error.message}`) : error;
  }
  if (gold.size === 0) {
    throw new GoldError(`${name}: no right answers were found (an answer beside an id or a question)`);
  }
  return gold;
}

async function readTraces(source: TraceSource, gold: GoldAnswers, signal?: AbortSignal): Promise<void> {
  for await (const item of readTrajectories(source, signal ? { signal } : {})) {
    if (!('trajectory' in item)) continue;
    const { id, question, goldAnswer } = item.trajectory;
    if (goldAnswer) gold.add({ id, question: question.text, answer: goldAnswer.text });
  }
}

async function readPlain(source: TraceSource, gold: GoldAnswers, signal?: AbortSignal): Promise<void> {
  for await (const record of readRecords(source)) {
    signal?.throwIfAborted();
    if (!isProblem(record) && record.node?.kind === 'object') addRecord(record.node, gold);
  }
}

function addRecord(record: JsonObject, gold: GoldAnswers): void {
  const question = firstText(record, ...QUESTIONS)?.text;
  const id = firstText(record, ...IDS)?.text;
  const answer = answerOf(record);
  if (answer !== undefined && (question !== undefined || id !== undefined)) {
    gold.add({ answer, ...(question !== undefined && { question }), ...(id !== undefined && { id }) });
  } else if (question === undefined && id === undefined) addMap(record, gold);
}

/** An object from ids (or questions) to answers. */
function addMap(record: JsonObject, gold: GoldAnswers): void {
  for (const [index, key] of record.keys.entries()) {
    const value = record.values[index];
    if (value?.kind === 'string' || value?.kind === 'number') {
      gold.add({ id: key, question: key, answer: answerIn(value.text) ?? value.text });
    }
  }
}

function answerOf(record: JsonObject): string | undefined {
  const plain = goldOf(record)?.text ?? firstText(record, ...SOLUTIONS)?.text;
  return plain === undefined ? undefined : (answerIn(plain) ?? plain);
}

/** The answer that a worked solution ends in; undefined where the text is an answer itself. */
function answerIn(text: string): string | undefined {
  return text.length > LONG_ANSWER || /####|\\boxed\b/.test(text) ? readFinalAnswer(text) : undefined;
}
