import type { Trajectory } from '../trajectory';
import { AnswerTable } from './answer-table';

/** Characters of an answer; a longer text is none. */
const MAX_ANSWER = 2000;

/** Right answers that stand in a file of their own, found by a trace's question or its id. */
export class GoldAnswers {
  private readonly byQuestion = new AnswerTable();
  private readonly byId = new AnswerTable();
  /** How many traces got their answer, by what. */
  readonly joined = { question: 0, id: 0, none: 0 };

  /** @param name the file's name, for messages and metadata */
  constructor(readonly name: string) {}

  get size(): number {
    return Math.max(this.byQuestion.size, this.byId.size);
  }

  add(record: { readonly question?: string; readonly id?: string; readonly answer: string }): void {
    const answer = record.answer.trim();
    if (answer === '' || answer.length > MAX_ANSWER) return;
    const question = questionKey(record.question ?? '');
    if (question !== '') this.byQuestion.add(question, answer);
    if (record.id !== undefined && !isPlace(record.id)) this.byId.add(record.id, answer);
  }

  /** The trace with its right answer from here, unless its own file says one. */
  join(trajectory: Trajectory): Trajectory {
    if (trajectory.goldAnswer) return trajectory;
    const answer = this.find(trajectory);
    return answer === undefined ? trajectory : { ...trajectory, goldAnswer: { text: answer, spans: [] } };
  }

  /** By the question first: ids such as `3` are the same in many files. */
  private find({ question, id }: Trajectory): string | undefined {
    const key = questionKey(question.text);
    const asked = key === '' ? undefined : this.byQuestion.get(key);
    if (asked !== undefined) {
      this.joined.question++;
      return asked;
    }
    const named = isPlace(id) ? undefined : (this.byId.get(id) ?? this.byId.get(ownId(id)));
    this.joined[named === undefined ? 'none' : 'id']++;
    return named;
  }
}

/** Questions are the same where they differ in white space and case only. */
function questionKey(question: string): string {
  return question.normalize('NFC').replace(/\s+/g, ' ').trim().toLowerCase();
}

/** `#12`: the reader's name for a record without an id. */
const isPlace = (id: string): boolean => /^#\d/.test(id);

/** The id without what the reader puts behind one that occurs again (`a#3`). */
const ownId = (id: string): string => id.replace(/#\d{1,15}(?:\.\d{1,15})?$/, '');
