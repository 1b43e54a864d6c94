import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseShard, type Shard } from '../../src/labels';
import { ROOT } from './root';

const DEV = resolve(ROOT, '../shared/data/bench/dev.jsonl');

export const USAGE = `npm run evaluate -- [FILE] [options]
Measures the rewards of labelled traces: FILE has a first error or a label on every step. What a model answers is kept in
.cache/evaluation and not asked again, so a run that was stopped goes on where it was.
  --model FOLDER      another model folder; all models asked so far stand side by side in one table
  --model-name NAME   what the tables call it
  --layers N          ask only the first N of the kinds of questions; 1 is enough to compare models
  --limit N           the first N traces of a random order that is always the same
  --minutes N         ask for at most N minutes, then measure what there is
  --score-only        ask, measure nothing
  --shard K/N         ask about the K-th of N parts of the traces, measure nothing; N processes of one thread each get
                      further than one of N threads
  --threads N         threads of the model
  --plots FOLDER      write the plots there
  --docs FILE         put the tables into a page, as docs/evaluation.md
  --json              print one JSON object and nothing else`;

export interface Options {
  readonly file: string;
  readonly model: string;
  readonly modelName?: string;
  readonly limit?: number;
  readonly layers?: number;
  /** When asking has to stop, on the clock of `performance.now()`. */
  readonly deadline: number;
  readonly scoreOnly: boolean;
  readonly shard?: Shard;
  readonly threads?: number;
  readonly json: boolean;
  readonly plots?: string;
  readonly docs?: string;
}

/** A mistake in the options; the message says what is wanted. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** @returns undefined where help was asked for @throws {UsageError} */
export function readOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  const [file = DEV, another] = positionals;
  if (another !== undefined) throw new UsageError('it takes one file');
  if (!existsSync(file))
    throw new UsageError(`${file}: there is no such file; name a file of labelled traces`);
  const limit = whole('limit', values.limit);
  const layers = whole('layers', values.layers);
  const minutes = whole('minutes', values.minutes);
  const threads = whole('threads', values.threads);
  const shard = values.shard === undefined ? undefined : parseShard(values.shard);
  if (values.shard !== undefined && !shard) throw new UsageError('--shard takes K/N, as 1/2');
  return {
    file,
    model: values.model ?? join(ROOT, 'model'),
    ...(values['model-name'] === undefined ? {} : { modelName: values['model-name'] }),
    ...(limit === undefined ? {} : { limit }),
    ...(layers === undefined ? {} : { layers }),
    deadline: minutes === undefined ? Number.POSITIVE_INFINITY : performance.now() + minutes * 60_000,
    scoreOnly: values['score-only'] ?? shard !== undefined,
    ...(shard === undefined ? {} : { shard }),
    ...(threads === undefined ? {} : { threads }),
    json: values.json ?? false,
    ...(values.plots === undefined ? {} : { plots: values.plots }),
    ...(values.docs === undefined ? {} : { docs: values.docs }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        model: { type: 'string' },
        'model-name': { type: 'string' },
        layers: { type: 'string' },
        limit: { type: 'string' },
        minutes: { type: 'string' },
        'score-only': { type: 'boolean' },
        shard: { type: 'string' },
        threads: { type: 'string' },
        json: { type: 'boolean' },
        plots: { type: 'string' },
        docs: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function whole(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UsageError(`--${name} takes a whole number of 1 or more`);
}
