/**
 * Gives every trajectory of a file an id of its own. Only hashes of the ids are kept (53 bits, 16 bytes each at most), so
 * that millions of records do not fill the memory; should two hashes ever meet, an id merely gets a needless suffix.
 */
export class UniqueIds {
  private table = new Float64Array(1024);
  private used = 0;

  /** `wanted` where it is free, else with the record's place in the file behind it. */
  take(wanted: string, ordinal: number, part: number): string {
    if (this.claim(wanted)) return wanted;
    const id = `${wanted}#${ordinal}${part > 0 ? `.${part + 1}` : ''}`;
    this.claim(id);
    return id;
  }

  /** Whether the id was not there yet; it is from now on. */
  private claim(id: string): boolean {
    if (this.used * 2 >= this.table.length) this.grow();
    return this.insert(hash(id));
  }

  private insert(key: number): boolean {
    const mask = this.table.length - 1;
    // Zero marks a free place; no key is zero.
    for (let at = key & mask; ; at = (at + 1) & mask) {
      const there = this.table[at];
      if (there === key) return false;
      if (there === 0) {
        this.table[at] = key;
        this.used++;
        return true;
      }
    }
  }

  private grow(): void {
    const old = this.table;
    this.table = new Float64Array(old.length * 2);
    this.used = 0;
    for (const key of old) if (key !== 0) this.insert(key);
  }
}

/** Two 32-bit multiplicative hashes of the code units, joined to 53 bits. */
function hash(text: string): number {
  let high = 0x9e3779b9;
  let low = 0x85ebca6b;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0xc2b2ae35) ^ (low >>> 15);
  }
  return ((high ^ (high >>> 13)) & 0x1fffff) * 0x1_0000_0000 + ((low ^ (low >>> 16)) >>> 0) + 1;
}
