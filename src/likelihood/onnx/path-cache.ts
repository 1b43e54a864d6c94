import { Tensor } from 'onnxruntime-common';

/** The shape of one layer's keys, or values, for one token; and how many layers there are. */
export interface CacheShape {
  readonly layers: number;
  readonly kvHeads: number;
  readonly headDim: number;
}

/** Room for so many positions to begin with. */
const LEAST_ROOM = 256;
/** How many times as much room there is after growing as is needed. ONNX Runtime passes over all of it. */
const SPARE = 1.25;

/**
 * The keys and values of a path through the trie: for each layer keys, then values, [kv heads, room, head dim] each. They
 * stay where they are from pass to pass, and each pass adds its own, so that none moves those of the whole path. Whoever
 * holds it knows how long the path is; what stands behind that has no meaning, and the attention does not look at it.
 */
export class PathCache {
  private constructor(
    private readonly shape: CacheShape,
    private readonly slots: Float32Array[],
    /** Positions that there is room for. */
    private room: number,
  ) {}

  static empty(shape: CacheShape): PathCache {
    const slots = Array.from({ length: 2 * shape.layers }, () => new Float32Array(0));
    return new PathCache(shape, slots, 0);
  }

  /** Bytes that its room takes. */
  get bytes(): number {
    return this.slots.reduce((sum, slot) => sum + slot.byteLength, 0);
  }

  /** One for each slot, [1, kv heads, room, head dim]. They share memory with the cache: valid until it changes. */
  tensors(): Tensor[] {
    const { kvHeads, headDim } = this.shape;
    return this.slots.map((slot) => new Tensor('float32', slot, [1, kvHeads, this.room, headDim]));
  }

  /** Puts positions after the first `length`. @param rows one for each slot, [1, kv heads, count, head dim] */
  extend(length: number, rows: readonly Tensor[], count: number): void {
    if (length + count > this.room) this.move(length, roomFor(length + count));
    const { kvHeads, headDim } = this.shape;
    for (const [i, slot] of this.slots.entries()) {
      const added = rows[i]?.data as Float32Array;
      for (let head = 0; head < kvHeads; head++) {
        const from = head * count * headDim;
        const to = (head * this.room + length) * headDim;
        slot.set(added.subarray(from, from + count * headDim), to);
      }
    }
  }

  /** The first `length` positions in memory of their own, with room for more. */
  copy(length: number): PathCache {
    const copy = new PathCache(this.shape, [...this.slots], this.room);
    copy.move(length, roomFor(length));
    return copy;
  }

  /** Slot by slot, so that there is never more than one of them twice. */
  private move(length: number, room: number): void {
    const { kvHeads, headDim } = this.shape;
    for (const [i, slot] of this.slots.entries()) {
      const moved = new Float32Array(kvHeads * room * headDim);
      for (let head = 0; head < kvHeads; head++) {
        const from = head * this.room * headDim;
        moved.set(slot.subarray(from, from + length * headDim), head * room * headDim);
      }
      this.slots[i] = moved;
    }
    this.room = room;
  }
}

const roomFor = (length: number): number => Math.max(LEAST_ROOM, Math.ceil(length * SPARE));
