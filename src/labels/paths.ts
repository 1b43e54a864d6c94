import { basename, dirname, extname, join, parse } from 'node:path';

/** A path without the last extension of its name: `data/gsm8k.dev.jsonl` gives `data/gsm8k.dev`. */
function stem(path: string): string {
  const { dir, name } = parse(path);
  return join(dir, name);
}

/** Where the labels of a trace file are written: `<name>.cpmi.jsonl` beside it. */
export const labelPath = (source: string): string => `${stem(source)}.cpmi.jsonl`;

/** Where the human labels of a trace file are kept: `<name>.steplens.json` beside it. */
export const humanLabelPath = (source: string): string => `${stem(source)}.steplens.json`;

/** How a label file was made stands beside it: `<name>.cpmi.meta.json` for `<name>.cpmi.jsonl`. */
export function metaPath(out: string): string {
  const extension = extname(out).toLowerCase();
  return `${extension === '.jsonl' || extension === '.json' ? stem(out) : out}.meta.json`;
}

/** What a run keeps beside its output until it is done. Hidden, so that globs and folder listings pass them over. */
export function workPaths(out: string): { journal: string; lock: string; partial: string } {
  const beside = (ending: string) => join(dirname(out), `.${basename(out)}.${ending}`);
  return { journal: beside('journal'), lock: beside('lock'), partial: beside('partial') };
}
