import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/** Bundles the program that labels a file with a stub model in a process of its own. */
export async function buildLabelProgram(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'steplens-program-'));
  const outfile = join(folder, 'label-program.js');
  await build({
    entryPoints: [resolve(__dirname, 'label-program.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
    mainFields: ['module', 'main'],
    logLevel: 'silent',
  });
  return outfile;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** Starts the program on a file. `prefix`: shell commands before it, such as a limit. */
export function startLabelling(
  program: string,
  source: string,
  milliseconds = 0,
  prefix?: string,
): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const args = [program, source, String(milliseconds)];
  const child =
    prefix === undefined
      ? spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
      : spawn('bash', ['-c', `${prefix}; exec "$0" "$@"`, process.execPath, ...args], {
          stdio: ['ignore', 'ignore', 'pipe'],
        });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((done) =>
    child.on('close', (code, signal) => done({ code, signal, stderr })),
  );
  return { child, ended };
}
