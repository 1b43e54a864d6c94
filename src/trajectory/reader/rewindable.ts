/** A stream of items whose beginning can be looked at before it is read from the start. */
export class Rewindable<T extends object | string> {
  private readonly iterator: AsyncIterator<T>;
  private readonly kept: T[] = [];
  private ended = false;

  constructor(chunks: AsyncIterable<T>) {
    this.iterator = chunks[Symbol.asyncIterator]();
  }

  /** The items from the start, each kept for the reading to come. */
  async *peek(): AsyncGenerator<T> {
    for (let index = 0; ; index++) {
      if (index === this.kept.length && !(await this.more())) return;
      const item = this.kept[index];
      if (item !== undefined) yield item;
    }
  }

  /** All items, from the start; what was kept is let go. To be called once. */
  async *read(): AsyncGenerator<T> {
    try {
      do {
        for (let item = this.kept.shift(); item !== undefined; item = this.kept.shift()) yield item;
      } while (await this.more());
    } finally {
      await this.close();
    }
  }

  /** Closes the stream underneath. */
  async close(): Promise<void> {
    this.ended = true;
    await this.iterator.return?.();
  }

  private async more(): Promise<boolean> {
    const next = this.ended ? undefined : await this.iterator.next();
    if (!next || next.done) {
      this.ended = true;
      return false;
    }
    this.kept.push(next.value);
    return true;
  }
}
