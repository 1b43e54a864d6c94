import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { FromContestant, Outcome, Task } from './contestant';

/** Contestants by the name of their script, each in a process of its own that stays for the whole run. */
export class Contestants {
  private readonly children = new Map<string, Promise<ChildProcess>>();

  /** @throws with what the contestant said, where it cannot do the task */
  async ask(script: string, task: Task): Promise<Outcome> {
    const started = this.children.get(script) ?? start(script);
    this.children.set(script, started);
    const child = await started;
    const answered = answer(child);
    child.send({ task });
    const message = await answered;
    if ('outcome' in message) return message.outcome;
    throw new Error(`${script}: ${'failed' in message ? message.failed : 'it started twice'}`);
  }

  /** Ends one contestant's process, so that its memory is free for the others. */
  async stop(script: string): Promise<void> {
    const child = await this.children.get(script)?.catch(() => undefined);
    this.children.delete(script);
    if (!child || child.exitCode !== null) return;
    child.disconnect();
    await once(child, 'exit');
  }

  async stopAll(): Promise<void> {
    for (const script of [...this.children.keys()]) await this.stop(script);
  }
}

async function start(script: string): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, 'contestants', `${script}.ts`), [], {
    execArgv: ['--import', 'tsx', '--max-old-space-size=8192'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await answer(child);
  return child;
}

function answer(child: ChildProcess): Promise<FromContestant> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null, signal: string | null) =>
      reject(new Error(`the contestant ended: ${signal ?? `exit code ${code}`}`));
    child.once('exit', ended);
    child.once('message', (message: FromContestant) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
}
