/** Where a row is: in which record of the file, as which of its traces; both from 0. */
export interface RowPlace {
  readonly record: number;
  readonly part: number;
}

/** What is kept of each row: four bytes for its record, and where the runs of siblings begin. */
export class RowTable {
  private records = new Uint32Array(4096);
  private readonly starts = [0];
  private ended = false;
  private waiting: (() => void)[] = [];
  rows = 0;

  /** @param endsRun the next row belongs to another run of siblings */
  add(record: number, endsRun: boolean): void {
    if (this.rows === this.records.length) {
      const larger = new Uint32Array(this.rows * 2);
      larger.set(this.records);
      this.records = larger;
    }
    this.records[this.rows++] = record;
    if (!endsRun) return;
    this.starts.push(this.rows);
    this.wake();
  }

  /** No row follows. */
  end(): void {
    this.ended = true;
    this.wake();
  }

  place(row: number): RowPlace | undefined {
    if (row < 0 || row >= this.rows) return undefined;
    const record = this.records[row] ?? 0;
    let part = 0;
    while (part < row && this.records[row - part - 1] === record) part++;
    return { record, part };
  }

  /** The rows among which those of a row's siblings are: `start` inclusive, `end` exclusive. */
  run(row: number): { readonly start: number; readonly end: number } {
    let low = 0;
    let high = this.starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.starts[middle] ?? 0) <= row) low = middle;
      else high = middle;
    }
    return { start: this.starts[low] ?? 0, end: this.starts[low + 1] ?? this.rows };
  }

  /** Resolves when the run of a row is complete, or there is no such row. */
  async whole(row: number): Promise<void> {
    while (!this.ended && (this.starts.at(-1) ?? 0) <= row) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private wake(): void {
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
