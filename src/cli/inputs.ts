import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import picomatch from 'picomatch';
import { labelPath } from '../labels';
import { CliError, fileError, isFileError } from './errors';

/** What a command says of the files that it takes by `expandInputs`. */
export const TRACE_FILES_ARGUMENT = 'trace files; a folder or a pattern (*.jsonl) for those in it';

/** Ends of the names of files that hold traces. */
const TRACE_FILES = /\.(?:jsonl|ndjson|json|eval|traj|txt|md)$/i;
/** What Steplens itself writes beside them. */
const OWN_FILES = /\.(?:cpmi(?:\.shard-\d+-of-\d+)?\.jsonl|cpmi\.meta\.json|steplens\.json)$/i;

/**
 * The files to work on: a folder stands for the trace files in it, a pattern such as `run-*.jsonl` (where the shell has not
 * resolved it) for the files that match, both in the order of their names. What Steplens has written is left out.
 * @throws {CliError} where a file is missing, a folder has none or nothing matches
 */
export async function expandInputs(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) files.push(...(await expand(path)));
  return [...new Set(files)];
}

async function expand(path: string): Promise<string[]> {
  if (path === STDIN) return [path];
  try {
    const found = await stat(path).catch((error: unknown) => {
      // A file may have a name that looks like a pattern.
      if (isFileError(error) && picomatch.scan(portable(path)).isGlob) return undefined;
      throw error;
    });
    if (!found) return await matching(path);
    return found.isDirectory() ? await filesIn(path) : [path];
  } catch (error) {
    throw isFileError(error) ? fileError(path, error) : error;
  }
}

async function filesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .filter((name) => TRACE_FILES.test(name) && !OWN_FILES.test(name));
  if (names.length === 0) throw new CliError(`${folder}: the folder holds no trace file`);
  return names.sort().map((name) => join(folder, name));
}

async function matching(pattern: string): Promise<string[]> {
  const { base, glob } = picomatch.scan(portable(pattern));
  const isMatch = picomatch(glob);
  const folder = base === '' ? '.' : base;
  const below = await readdir(folder, { recursive: glob.includes('/'), withFileTypes: true });
  const files = below
    .filter((entry) => entry.isFile() && !OWN_FILES.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => isMatch(portable(relative(folder, file))));
  if (files.length === 0) throw new CliError(`${pattern}: no file matches`);
  return files.sort();
}

/** Backslashes are separators on Windows only; elsewhere they take a character's meaning away. */
const portable = (path: string): string => (process.platform === 'win32' ? path.replaceAll('\\', '/') : path);

/** As a file name: what comes in on standard input. */
export const STDIN = '-';

/** Keeps standard input in a temporary file, as labelling reads its input more than once. */
export async function keepStdin(signal: AbortSignal): Promise<{ path: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'steplens-stdin-'));
  const remove = () => rm(folder, { recursive: true, force: true });
  const path = join(folder, 'stdin');
  try {
    await pipeline(process.stdin, createWriteStream(path), { signal });
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, remove };
}

export interface LabelJob {
  readonly source: string;
  readonly out: string;
}

/**
 * What is to be written for each file.
 * @throws {CliError} (2) where `--out` names one output for several files, or two outputs are the same file, or an output
 * is one of the inputs
 */
export async function labelJobs(files: readonly string[], out: string | undefined): Promise<LabelJob[]> {
  if (out !== undefined && files.length > 1) {
    throw new CliError(`--out names one file, but there are ${files.length} to label`, 2);
  }
  if (out === undefined && files.includes(STDIN)) {
    throw new CliError('the labels of standard input need a name: --out FILE', 2);
  }
  const jobs = files.map((source) => ({ source, out: out ?? labelPath(source) }));
  const seen = new Map<string, string>();
  for (const job of jobs) {
    const real = await canonical(job.out);
    const other = seen.get(real);
    if (other !== undefined) {
      throw new CliError(
        `the labels of ${other} and of ${job.source} would both be written to ${job.out}`,
        2,
      );
    }
    seen.set(real, job.source);
  }
  for (const { source } of jobs) {
    const other = seen.get(await canonical(source));
    if (other !== undefined) throw new CliError(`the labels of ${other} would be written over ${source}`, 2);
  }
  return jobs;
}

const canonical = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));
