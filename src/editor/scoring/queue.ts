/** Jobs in the order they were asked for, of which the most urgent is taken first. */
export class JobQueue<T> {
  private jobs: T[] = [];

  get size(): number {
    return this.jobs.length;
  }
  get all(): readonly T[] {
    return this.jobs;
  }

  add(job: T): void {
    this.jobs.push(job);
  }

  /** Takes the job of the lowest rank; of equal ones the oldest. Ranks may change from one call to the next. */
  take(rank: (job: T) => number): T | undefined {
    let best = -1;
    let lowest = Number.POSITIVE_INFINITY;
    for (const [at, job] of this.jobs.entries()) {
      const own = rank(job);
      if (own < lowest) {
        lowest = own;
        best = at;
      }
    }
    return best < 0 ? undefined : this.jobs.splice(best, 1)[0];
  }

  /** Takes out all that match. */
  remove(matches: (job: T) => boolean): T[] {
    const removed: T[] = [];
    const kept: T[] = [];
    for (const job of this.jobs) (matches(job) ? removed : kept).push(job);
    this.jobs = kept;
    return removed;
  }
}
