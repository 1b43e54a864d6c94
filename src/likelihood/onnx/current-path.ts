import type { Tensor } from 'onnxruntime-common';
import { type CacheShape, PathCache } from './path-cache';
import type { HeldPath, Shelf } from './tree-memory';

/** Nodes at the end of a path, such as an answer's, that are not worth holding for another call. */
const NOT_WORTH_HOLDING = 32;

/** The path that passes go along, with its keys and values: each pass begins on it and leads on to its own last node. */
export class CurrentPath {
  private nodes: readonly number[] = [];
  private cache: PathCache;
  /** The cache is that of a held path, which others may have use for. */
  private borrowed = false;

  /** @param shelf takes what is left behind, where it may be of use to another call */
  constructor(
    shape: CacheShape,
    private readonly shelf?: Shelf,
  ) {
    this.cache = PathCache.empty(shape);
  }

  /** Goes to where a pass begins: back along this path, or over to one that is held. */
  goTo(past: readonly number[], held: HeldPath | undefined): void {
    this.backTo(held ? 0 : past.length);
    if (!held) return;
    this.nodes = past;
    this.cache = held.cache;
    this.borrowed = true;
  }

  /** The keys and values, as the graph takes them. */
  tensors(): Tensor[] {
    return this.cache.tensors();
  }

  /** The nodes that lead from here to the end of another path. */
  wayTo(path: readonly number[]): readonly number[] {
    return path.slice(commonLength(path, this.nodes));
  }

  /** Goes to the end of another path. @param rows keys and values of the way there, as for `PathCache.extend` */
  goOn(path: readonly number[], rows: readonly Tensor[]): void {
    const common = commonLength(path, this.nodes);
    this.backTo(common);
    if (path.length === common) return;
    if (this.borrowed) this.cache = this.cache.copy(common, true);
    this.borrowed = false;
    this.cache.extend(common, rows, path.length - common);
    this.nodes = path;
  }

  /** Goes back to the first so many nodes. */
  backTo(length: number): void {
    if (this.nodes.length > length + NOT_WORTH_HOLDING) this.shelf?.offer(this.nodes, this.cache);
    this.nodes = this.nodes.slice(0, length);
  }
}

/** How many nodes two paths have in common from the first on. */
export function commonLength(one: readonly number[], other: readonly number[]): number {
  const different = one.findIndex((node, i) => node !== other[i]);
  return different < 0 ? one.length : different;
}
