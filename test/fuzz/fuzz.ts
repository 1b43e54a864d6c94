import {
  FORMATS,
  type ReadOptions,
  readTrajectories,
  SPLITTINGS,
  type TraceSource,
} from '../../src/trajectory';
import { openFile } from '../../src/trajectory/reader/open';
import { contentOf, missing, proposedOptions, readChecked } from './check';
import type { Seed } from './corpus';
import { mutateBytes, mutateText } from './mutate';
import { Random } from './random';

/**
 * What is wrong with a mutated file. `lost`: a record that was not touched is not read any more. `swallowed` is no fault:
 * without a bracket, the changed record is valid JSON that holds the next ones.
 */
export interface Fault {
  readonly kind: 'crash' | 'slow' | 'wrong' | 'lost' | 'swallowed';
  readonly case: number;
  readonly file: string;
  readonly what: string;
}

/** Seconds of computing that a file may take. */
const SLOW = 2;

/** Mutated files made of a corpus, one a number: the same seed and number give the same file. */
export class Fuzzer {
  /** The last mutated file, where it is a text. */
  last = '';
  /** By seed file and record: what the records beside that one say. */
  private readonly others = new Map<string, readonly string[]>();

  constructor(
    private readonly corpus: readonly Seed[],
    private readonly seed: number,
  ) {}

  /** Makes file number `n`, reads it, and tells what is wrong. */
  async run(n: number): Promise<Fault[]> {
    const random = new Random(Math.imul(this.seed + 1, 0x9e3779b1) ^ Math.imul(n + 1, 0x85ebca6b));
    let file = random.pick(this.corpus);
    // Large files take most of the time and are no better: half of the draws go to a smaller one.
    for (let i = 0; i < 3 && file.bytes.length > 20_000; i++) file = random.pick(this.corpus);
    const started = process.cpuUsage();
    const faults: Fault[] = [];
    const found = (kind: Fault['kind'], what: string) =>
      faults.push({ kind, case: n, file: file.name, what });
    try {
      const local = file.text !== undefined && file.records.length > 1 && random.chance(0.4);
      for (const what of local ? [] : await this.anywhere(file, random)) found('wrong', what);
      if (local) {
        const { lost, wrong, swallowed } = await this.inOneRecord(file, random);
        for (const what of wrong) found('wrong', what);
        if (lost !== undefined) found(swallowed ? 'swallowed' : 'lost', lost);
      }
    } catch (error) {
      found('crash', error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
    const { user, system } = process.cpuUsage(started);
    const seconds = (user + system) / 1e6;
    if (seconds > SLOW) found('slow', `${seconds.toFixed(1)} s`);
    return faults;
  }

  /** A mutation of the whole file, read in one of the ways in which files are read. */
  private async anywhere(file: Seed, random: Random): Promise<readonly string[]> {
    const { name } = file;
    if (file.text === undefined || random.chance(0.15)) {
      const bytes = mutateBytes(file.bytes, random);
      return (await readChecked(streamOf(bytes, name, random), undefined, {})).faults;
    }
    const text = mutateText(file.text, random).replace(/^\uFEFF/, '');
    this.last = text;
    const way = random.below(10);
    const options: ReadOptions =
      way < 6
        ? {}
        : way < 8
          ? { format: random.chance(0.7) ? file.format : random.pick(this.corpus).format }
          : way < 9
            ? { splitting: random.pick(SPLITTINGS) }
            : await proposedOptions({ text, name });
    // Lone surrogates do not survive a file: only as text they are read as they are.
    const source =
      Buffer.from(text).toString() === text && random.chance(0.5)
        ? streamOf(Buffer.from(text), name, random)
        : { text, name };
    return (await readChecked(source, text, options)).faults;
  }

  /** A mutation of one record of several: all others must be read as before. */
  private async inOneRecord(file: Seed, random: Random) {
    const index = random.below(file.records.length);
    const { start, end } = file.records[index] ?? { start: 0, end: 0 };
    const text = file.text ?? '';
    const record = mutateText(text.slice(start, end), random).replace(/[\r\n]/g, ' ');
    const mutated = text.slice(0, start) + record + text.slice(end);
    this.last = mutated;
    const { trajectories, faults } = await readChecked({ text: mutated, name: file.name }, mutated, {
      format: file.format,
    });
    const gone = missing(await this.otherRecords(file, index), trajectories);
    const lost = gone > 0 ? `${gone} traces of other records, record ${index + 1} was changed` : undefined;
    const swallowed = gone > 0 && (await holds(mutated, file, start, start + record.length));
    return { wrong: faults, lost, swallowed };
  }

  /** What the file says where a record is not there. */
  private async otherRecords(file: Seed, index: number): Promise<readonly string[]> {
    const key = `${file.name} ${file.bytes.length} ${index}`;
    const known = this.others.get(key);
    if (known) return known;
    const { start = 0, end = 0 } = file.records[index] ?? {};
    const contents: string[] = [];
    const text = file.text ?? '';
    const source = { text, name: file.name };
    for await (const item of readTrajectories(source, { format: file.format })) {
      if (!('trajectory' in item)) continue;
      const { span } = item.trajectory;
      if (span.start < start || span.start >= end) contents.push(contentOf(item.trajectory));
    }
    this.others.set(key, contents);
    return contents;
  }
}

/** Whether the changed stretch is part of a valid record that reaches into the next one. */
async function holds(text: string, { name, format }: Seed, start: number, end: number): Promise<boolean> {
  const opened = await openFile({ text, name });
  for await (const record of opened.records(FORMATS.find(({ id }) => id === format))) {
    if (!('node' in record) || !record.node || record.opening) continue;
    const { base, text: own } = record.source;
    if (
      base < end &&
      base >= start &&
      base + own.length > end &&
      /\{/.test(text.slice(end, base + own.length))
    )
      return true;
  }
  return false;
}

/** The bytes in up to five chunks. */
function streamOf(bytes: Uint8Array, name: string, random: Random): TraceSource {
  const cuts = Array.from({ length: random.below(5) }, () => random.below(bytes.length + 1)).sort(
    (a, b) => a - b,
  );
  async function* chunks(): AsyncGenerator<Uint8Array> {
    let from = 0;
    for (const cut of [...cuts, bytes.length]) {
      if (cut > from) yield bytes.subarray(from, cut);
      from = cut;
    }
  }
  return { stream: chunks(), name };
}
