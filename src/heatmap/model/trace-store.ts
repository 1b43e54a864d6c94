import { MAX_ID_LENGTH, OUTCOMES, type Outcome, type RewardList, type RowBatch } from '../protocol';
import { withRoom } from './growing';

/** What is known of a trace's rewards. */
export type RowState = 'pending' | 'scored' | 'failed';

const PENDING = 0;
const SCORED = 1;

/**
 * All traces of the heatmap in columns of numbers: 1,000,000 rewards take 4 MB, and a filter or a sort runs over flat
 * arrays. Rows are numbered in file order, as in the protocol.
 */
export class TraceStore {
  private rows = 0;
  private readonly idList: string[] = [];
  private readonly lowerIds: string[] = [];
  private readonly formatNames: string[] = [];
  private readonly reasons = new Map<number, string>();
  private formatCodes = new Int32Array(0);
  private lineNumbers = new Int32Array(0);
  private outcomeCodes = new Uint8Array(0);
  private states = new Uint8Array(0);
  private starts = new Int32Array(0);
  private counts = new Int32Array(0);
  private lowestOf = new Float32Array(0);
  private meanOf = new Float32Array(0);
  private rewards = new Float32Array(0);
  private used = 0;
  private wasted = 0;

  /** How many rows there are. */
  get count(): number {
    return this.rows;
  }

  /** Formats met so far, in order of appearance. */
  get formats(): readonly string[] {
    return this.formatNames;
  }

  id(row: number): string {
    return this.idList[row] ?? '';
  }

  /** The id in lower case, for comparing; kept, as 100,000 ids are compared on every key typed. */
  lowerId(row: number): string {
    return this.lowerIds[row] ?? '';
  }

  /** Line of the record in its file, from 1. */
  line(row: number): number {
    return this.lineNumbers[row] ?? 0;
  }

  format(row: number): string {
    return row < this.rows ? (this.formatNames[this.formatCodes[row] ?? -1] ?? '') : '';
  }

  outcome(row: number): Outcome {
    return OUTCOMES[this.outcomeCodes[row] ?? 0] ?? 'unknown';
  }

  steps(row: number): number {
    return this.counts[row] ?? 0;
  }

  state(row: number): RowState {
    if (this.reasons.has(row)) return 'failed';
    return this.states[row] === SCORED ? 'scored' : 'pending';
  }

  /** Why the row could not be scored; undefined where it was or is still to be. */
  failure(row: number): string | undefined {
    return this.reasons.get(row);
  }

  /** Reward of one step in nats per token; NaN where there is none. */
  reward(row: number, step: number): number {
    if (step < 0 || step >= this.steps(row)) return Number.NaN;
    return this.rewards[(this.starts[row] ?? 0) + step] ?? Number.NaN;
  }

  /** Rewards of a row's steps: a view, valid until the next write. */
  rewardsOf(row: number): Float32Array {
    const start = this.starts[row] ?? 0;
    return this.rewards.subarray(start, start + this.steps(row));
  }

  /** Lowest reward of the row; NaN where it has none. */
  lowest(row: number): number {
    return this.lowestOf[row] ?? Number.NaN;
  }

  /** Mean over the steps that have a reward; NaN where none has. */
  mean(row: number): number {
    return this.meanOf[row] ?? Number.NaN;
  }

  /** Reward of the last step; NaN where it has none. */
  last(row: number): number {
    return this.reward(row, this.steps(row) - 1);
  }

  /**
   * Adds rows at the end or replaces rows.
   * @throws {RangeError} the batch would leave a gap after the last row
   */
  writeRows(batch: RowBatch): void {
    if (batch.start > this.rows) {
      throw new RangeError(`rows from ${batch.start} would leave a gap: there are ${this.rows}`);
    }
    this.makeRoom(batch.start + batch.ids.length);
    let from = 0;
    batch.ids.forEach((id, i) => {
      const row = batch.start + i;
      const steps = batch.steps[i] ?? 0;
      this.idList[row] = id.slice(0, MAX_ID_LENGTH);
      this.lowerIds[row] = id.slice(0, MAX_ID_LENGTH).toLowerCase();
      this.lineNumbers[row] = batch.lines[i] ?? 0;
      this.formatCodes[row] = this.formatCode(batch.formats[i] ?? '');
      this.outcomeCodes[row] = OUTCOMES.indexOf(batch.outcomes[i] ?? 'unknown');
      this.place(row, steps);
      this.writeRewardsOf(row, batch.rewards, from);
      from += steps;
    });
  }

  /**
   * Sets the rewards of rows that exist.
   * @throws {RangeError} a row does not exist, or `rewards` has another length than the rows have steps; nothing is set
   */
  writeRewards(rows: readonly number[], rewards: RewardList): void {
    let wanted = 0;
    for (const row of rows) {
      if (row >= this.rows) throw new RangeError(`there is no row ${row}`);
      wanted += this.steps(row);
    }
    if (wanted !== rewards.length) {
      throw new RangeError(`rewards must be ${wanted} numbers, one a step; there are ${rewards.length}`);
    }
    let from = 0;
    for (const row of rows) {
      this.writeRewardsOf(row, rewards, from);
      from += this.steps(row);
    }
  }

  /**
   * Marks a row as one that could not be scored; what rewards it had are no longer valid.
   * @throws {RangeError} the row does not exist
   */
  fail(row: number, reason: string): void {
    if (row >= this.rows) throw new RangeError(`there is no row ${row}`);
    this.writeRewardsOf(row, undefined, 0);
    this.reasons.set(row, reason);
  }

  private makeRoom(rows: number): void {
    this.formatCodes = withRoom('i32', this.formatCodes, rows);
    this.lineNumbers = withRoom('i32', this.lineNumbers, rows);
    this.outcomeCodes = withRoom('u8', this.outcomeCodes, rows);
    this.states = withRoom('u8', this.states, rows);
    this.starts = withRoom('i32', this.starts, rows);
    this.counts = withRoom('i32', this.counts, rows);
    this.lowestOf = withRoom('f32', this.lowestOf, rows);
    this.meanOf = withRoom('f32', this.meanOf, rows);
  }

  /** Gives the row room for its steps: its old place where they fit, else the end. */
  private place(row: number, steps: number): void {
    const known = row < this.rows;
    const had = known ? this.steps(row) : 0;
    if (!known || steps > had) {
      this.wasted += had;
      this.starts[row] = this.used;
      this.used += steps;
      this.rewards = withRoom('f32', this.rewards, this.used);
    } else {
      this.wasted += had - steps;
    }
    this.counts[row] = steps;
    if (!known) this.rows = row + 1;
    if (this.wasted > 65_536 && this.wasted * 2 > this.used) this.compact();
  }

  /** Closes the gaps that replaced rows left, so that a file edited all day keeps its size here. */
  private compact(): void {
    let size = 0;
    for (let row = 0; row < this.rows; row++) size += this.steps(row);
    const packed = new Float32Array(size);
    let at = 0;
    for (let row = 0; row < this.rows; row++) {
      packed.set(this.rewardsOf(row), at);
      this.starts[row] = at;
      at += this.steps(row);
    }
    this.rewards = packed;
    this.used = size;
    this.wasted = 0;
  }

  private writeRewardsOf(row: number, rewards: RewardList | undefined, from: number): void {
    const start = this.starts[row] ?? 0;
    const steps = this.steps(row);
    let lowest = Number.POSITIVE_INFINITY;
    let sum = 0;
    let known = 0;
    for (let step = 0; step < steps; step++) {
      const reward = rewards?.[from + step] ?? Number.NaN;
      this.rewards[start + step] = Number.isFinite(reward) ? reward : Number.NaN;
      if (!Number.isFinite(reward)) continue;
      if (reward < lowest) lowest = reward;
      sum += reward;
      known++;
    }
    this.lowestOf[row] = known > 0 ? lowest : Number.NaN;
    this.meanOf[row] = known > 0 ? sum / known : Number.NaN;
    this.states[row] = known > 0 ? SCORED : PENDING;
    this.reasons.delete(row);
  }

  private formatCode(name: string): number {
    const code = this.formatNames.indexOf(name);
    return code >= 0 ? code : this.formatNames.push(name) - 1;
  }
}
