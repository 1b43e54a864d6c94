import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { labelPath } from '../labels';
import { CliError } from './errors';

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
