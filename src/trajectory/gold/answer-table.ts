import { createHash } from 'node:crypto';
import { answersEqual } from '../answers';

/** Keys that a table takes: at 12 bytes a place it stays near 100 MB. */
const MAX_KEYS = 4_000_000;

/** A table is full; the file has too many answers to be held. */
export class TooManyAnswersError extends Error {
  override readonly name = 'TooManyAnswersError';
  constructor() {
    super(`it has more than ${MAX_KEYS / 2} answers`);
  }
}

/**
 * Answers by key, where of the keys only hashes (53 bits of SHA-256) are kept: open addressing with linear probing. Two
 * different answers under one key make the key say nothing.
 */
export class AnswerTable {
  private keys = new Float64Array(1024);
  /** Index into `answers`, from 1; 0 where the answers under the key contradict each other. */
  private indices = new Uint32Array(1024);
  private used = 0;
  private readonly answers: string[] = [''];
  private readonly known = new Map<string, number>();

  get size(): number {
    return this.used;
  }

  /** @throws {TooManyAnswersError} */
  add(key: string, answer: string): void {
    if (this.used * 2 >= this.keys.length) this.grow();
    const hash = hashOf(key);
    const at = this.placeOf(hash);
    if (this.keys[at] === 0) {
      if (this.used >= MAX_KEYS) throw new TooManyAnswersError();
      this.keys[at] = hash;
      this.indices[at] = this.indexOf(answer);
      this.used++;
      return;
    }
    const there = this.indices[at] ?? 0;
    if (there !== 0 && !answersEqual(this.answers[there] ?? '', answer)) this.indices[at] = 0;
  }

  get(key: string): string | undefined {
    const at = this.placeOf(hashOf(key));
    const index = this.keys[at] === 0 ? 0 : (this.indices[at] ?? 0);
    return index === 0 ? undefined : this.answers[index];
  }

  /** Data sets have few different answers: each is kept once. */
  private indexOf(answer: string): number {
    const known = this.known.get(answer);
    if (known !== undefined) return known;
    const index = this.answers.push(answer) - 1;
    this.known.set(answer, index);
    return index;
  }

  private placeOf(hash: number): number {
    const mask = this.keys.length - 1;
    let at = hash & mask;
    while (this.keys[at] !== 0 && this.keys[at] !== hash) at = (at + 1) & mask;
    return at;
  }

  private grow(): void {
    const { keys, indices } = this;
    this.keys = new Float64Array(keys.length * 2);
    this.indices = new Uint32Array(keys.length * 2);
    for (const [from, hash] of keys.entries()) {
      if (hash === 0) continue;
      const at = this.placeOf(hash);
      this.keys[at] = hash;
      this.indices[at] = indices[from] ?? 0;
    }
  }
}

/** Never 0, which marks a free place. */
function hashOf(key: string): number {
  const digest = createHash('sha256').update(key).digest();
  return digest.readUIntBE(0, 6) * 32 + (digest.readUInt8(6) >>> 3) || 1;
}
