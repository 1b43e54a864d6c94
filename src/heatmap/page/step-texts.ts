import type { StepMessage } from '../protocol';
import { MAX_STEP_TEXT } from '../protocol';

const KEPT = 400;
/** A question without an answer after this time, in milliseconds, is asked again when the step is looked at again. */
const PATIENCE = 4000;

/** What the host told of a step. */
export type StepText = Pick<StepMessage, 'text' | 'cut' | 'details'>;

/** The steps' texts, asked for one by one as they are looked at: the texts of 100,000 traces would not fit here. */
export class StepTexts {
  private readonly known = new Map<string, StepText>();
  private readonly asked = new Map<string, number>();

  /** @param ask sends the question; its answer is to be given to `answer` */
  constructor(private readonly ask: (row: number, step: number) => void) {}

  /** The text if it is known; else asks for it, once in a while. */
  get(row: number, step: number): StepText | undefined {
    const key = `${row}:${step}`;
    const found = this.known.get(key);
    const now = performance.now();
    if (found === undefined && now - (this.asked.get(key) ?? Number.NEGATIVE_INFINITY) > PATIENCE) {
      this.asked.set(key, now);
      this.ask(row, step);
    }
    return found;
  }

  answer(message: StepMessage): void {
    const key = `${message.row}:${message.step}`;
    this.asked.delete(key);
    const cut = message.cut || message.text.length > MAX_STEP_TEXT;
    this.known.set(key, {
      text: message.text.slice(0, MAX_STEP_TEXT),
      cut,
      details: message.details.slice(0, 12),
    });
    const oldest = this.known.size > KEPT ? this.known.keys().next().value : undefined;
    if (oldest !== undefined) this.known.delete(oldest);
  }

  /** Forgets the rows' texts, as their rewards (and so the details) changed; all of them without an argument. */
  forget(rows?: readonly number[]): void {
    if (rows === undefined) {
      this.known.clear();
      this.asked.clear();
      return;
    }
    const gone = new Set(rows.map(String));
    for (const key of this.known.keys()) if (gone.has(key.slice(0, key.indexOf(':')))) this.known.delete(key);
    for (const key of this.asked.keys()) if (gone.has(key.slice(0, key.indexOf(':')))) this.asked.delete(key);
  }
}
