import { basename, dirname, extname, join } from 'node:path';

/** Part `index` (from 1) of `count` of a file's traces. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** More machines than that would each read a whole file for next to nothing. */
export const MAX_SHARDS = 10_000;

/** Reads `k/n`; undefined where that is none. */
export function parseShard(text: string): Shard | undefined {
  const match = /^(\d{1,5})\/(\d{1,5})$/.exec(text.trim());
  const [index, count] = [Number(match?.[1]), Number(match?.[2])];
  return match && index >= 1 && index <= count && count <= MAX_SHARDS ? { index, count } : undefined;
}

/** Traces are dealt one by one, so that long ones, which often stand together, fall to all shards. */
export const belongsTo = ({ index, count }: Shard, ordinal: number): boolean => ordinal % count === index - 1;

/** Where a shard of an output is written: `<name>.cpmi.shard-1-of-8.jsonl` for `<name>.cpmi.jsonl`. */
export function shardPath(out: string, { index, count }: Shard): string {
  const extension = extname(out);
  return join(dirname(out), `${basename(out, extension)}.shard-${index}-of-${count}${extension}`);
}

/** The output that a shard is of, by its name; undefined where that does not say. */
export function outputOfShard(path: string): string | undefined {
  const name = basename(path);
  const output = name.replace(/\.shard-\d+-of-\d+(?=\.[^.]*$)/, '');
  return output === name ? undefined : join(dirname(path), output);
}
