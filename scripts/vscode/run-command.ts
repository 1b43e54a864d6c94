import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/**
 * Runs a program to its end and returns what it printed (stdout and stderr together).
 * @throws Error naming the program, its exit code and the last 40 lines it printed.
 */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer) => {
      output += chunk.toString('utf8');
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => reject(new Error(`${program} could not be started: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) {
        resolve(output);
      } else {
        const tail = output.trimEnd().split('\n').slice(-40).join('\n');
        reject(new Error(`${[program, ...args].join(' ')} ended with ${signal ?? `code ${code}`}\n${tail}`));
      }
    });
  });
}
