import { existsSync, readFileSync } from 'node:fs';

/** The texts that a model sampled after one prefix of a trace. */
export interface Rollouts {
  /** Of the trace. */
  readonly id: string;
  /** How many steps the prefix has, from 0. */
  readonly prefix: number;
  readonly texts: readonly string[];
}

/** What sample.py has written; a line that was cut off by a crash counts as not there. */
export class KeptRollouts {
  private readonly byPrefix: ReadonlyMap<string, Rollouts>;

  constructor(path: string) {
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    const all = text.split('\n').flatMap(parse);
    this.byPrefix = new Map(all.map((rollouts) => [keyOf(rollouts.id, rollouts.prefix), rollouts]));
  }

  /** The rollouts of a trace's prefixes of 0 to `steps` steps; undefined where some are missing. */
  ofTrace(id: string, steps: number): Rollouts[] | undefined {
    const found = Array.from({ length: steps + 1 }, (_, prefix) => this.byPrefix.get(keyOf(id, prefix)));
    return found.every((rollouts) => rollouts !== undefined) ? found : undefined;
  }
}

const keyOf = (id: string, prefix: number): string => JSON.stringify([id, prefix]);

function parse(line: string): Rollouts[] {
  try {
    const { id, prefix, texts } = JSON.parse(line) as Partial<Rollouts>;
    return id !== undefined && prefix !== undefined && Array.isArray(texts) ? [{ id, prefix, texts }] : [];
  } catch {
    return [];
  }
}
