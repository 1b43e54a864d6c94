/** Results that may wait for an earlier one that takes long, for each job. */
const AHEAD = 16;

/**
 * Works on up to `jobs` items at a time and gives the results in the order of the items, at most some items ahead of the
 * first one that is not done. Where one fails, no more are begun, those under way are waited for, and the error is thrown.
 * @param work begins at once; whether it can be stopped is its own affair
 */
export async function* inOrder<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  jobs: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const begun: Job<R>[] = [];
  const running = new Set<Job<R>>();
  try {
    for await (const item of items) {
      while (running.size >= jobs) await Promise.race([...running].map(({ ended }) => ended));
      while (begun[0]?.isDone || begun.length >= jobs * AHEAD) yield await taken(begun);
      const job = new Job(work(item));
      begun.push(job);
      running.add(job);
      void job.ended.then(() => running.delete(job));
    }
    while (begun.length > 0) yield await taken(begun);
  } finally {
    await Promise.all([...running].map(({ ended }) => ended));
  }
}

class Job<R> {
  isDone = false;
  /** Resolves when the result is there or the work has failed. */
  readonly ended: Promise<void>;

  constructor(readonly result: Promise<R>) {
    const done = () => {
      this.isDone = true;
    };
    this.ended = result.then(done, done);
  }
}

function taken<R>(begun: Job<R>[]): Promise<R> {
  const job = begun.shift();
  if (!job) throw new RangeError('nothing was begun');
  return job.result;
}
