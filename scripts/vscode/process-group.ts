import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a group may take to end by itself before it is killed, in ms. */
const GRACE_MS = 4000;

export interface GroupOptions {
  readonly env: NodeJS.ProcessEnv;
  /** File descriptor that receives stdout and stderr. */
  readonly output: number;
}

/** A program in a process group of its own, so that ending it ends whatever it started, and nothing else. */
export class ProcessGroup {
  private readonly child: ChildProcess;

  constructor(program: string, args: readonly string[], options: GroupOptions) {
    const stdio = ['ignore', options.output, options.output] as const;
    this.child = spawn(program, args, { env: options.env, stdio: [...stdio], detached: true });
    this.child.once('error', () => undefined); // seen by `ended`
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** True once the program itself is gone or never came to be. */
  get ended(): boolean {
    return this.pid === undefined || this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Resolves when no process of the group is left. */
  async stop(): Promise<void> {
    if (!this.signal('SIGTERM')) {
      return;
    }
    const deadline = Date.now() + GRACE_MS;
    while (Date.now() < deadline) {
      await sleep(50);
      if (!this.signal(0)) {
        return;
      }
    }
    this.signal('SIGKILL');
  }

  /** Signals the whole group; false where nothing of it is left. */
  private signal(signal: NodeJS.Signals | 0): boolean {
    if (this.pid === undefined) {
      return false;
    }
    try {
      process.kill(-this.pid, signal);
      return true;
    } catch {
      return false;
    }
  }
}
