/** Numbers that are collected one by one, eight bytes each. */
export class Numbers {
  private values = new Float64Array(64);
  private used = 0;

  get count(): number {
    return this.used;
  }

  add(value: number): void {
    if (this.used === this.values.length) {
      const larger = new Float64Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.used++] = value;
  }

  /** What was added, in that order. Shares the collection's memory. */
  get all(): Float64Array {
    return this.values.subarray(0, this.used);
  }

  sorted(): Float64Array {
    return this.all.slice().sort();
  }
}
