import type { Tensor } from 'onnxruntime-common';
import type { PathCache } from './path-cache';
import type { Shelf } from './tree-memory';

/** Nodes at the end of a path, such as an answer's, that are not worth holding for another call. */
const NOT_WORTH_HOLDING = 32;

/** The path that passes go along, with its keys and values: each pass begins on it and leads on to its own last node. */
export class CurrentPath {
  private nodes: readonly number[] = [];

  /**
   * @param cache what holds the keys and values; nothing of it is taken over
   * @param shelf takes what is left behind, where it may be of use to another call
   */
  constructor(
    private cache: PathCache,
    private readonly shelf?: Shelf,
  ) {}

  /** The keys and values, as the graph takes them. */
  tensors(): Tensor[] {
    return this.cache.tensors();
  }

  /** The nodes that lead from here to the end of another path. */
  wayTo(path: readonly number[]): readonly number[] {
    return path.slice(commonLength(path, this.nodes));
  }

  /** Goes to the end of another path. @param rows keys and values of the way there, as for `PathCache.extend` */
  goTo(path: readonly number[], rows: readonly Tensor[]): void {
    const common = commonLength(path, this.nodes);
    this.backTo(common);
    this.cache.extend(common, rows, path.length - common);
    this.nodes = path;
  }

  /** Goes back to the first so many nodes. */
  backTo(length: number): void {
    if (this.shelve(length)) this.cache = this.cache.copy(length);
    this.nodes = this.nodes.slice(0, length);
  }

  /** Goes over to another path. @param cache its keys and values, which are not used elsewhere any more */
  changeTo(path: readonly number[], cache: PathCache): void {
    this.shelve(0);
    this.nodes = path;
    this.cache = cache;
  }

  /** Leaves the path for good. @returns the cache, if it is of no more use */
  end(): PathCache | undefined {
    return this.shelve(0) ? undefined : this.cache;
  }

  /** Puts the path, left after so many nodes, on the shelf. @returns whether it was worth that: then the cache is the shelf's */
  private shelve(length: number): boolean {
    if (this.nodes.length <= length + NOT_WORTH_HOLDING) return false;
    return this.shelf?.take(this.nodes, this.cache) ?? false;
  }
}

/** How many nodes two paths have in common from the first on. */
export function commonLength(one: readonly number[], other: readonly number[]): number {
  const different = one.findIndex((node, i) => node !== other[i]);
  return different < 0 ? one.length : different;
}
