import { readdir, readFile } from 'node:fs/promises';

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  /** The program and its arguments. */
  readonly command: readonly string[];
}

/** The processes that descend from one, nearest first. Linux only: it reads /proc. */
export async function descendants(root: number): Promise<RunningProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const all = (await Promise.all(pids.map(describe))).filter((found) => found !== undefined);
  const found: RunningProcess[] = [];
  for (let level = [root]; level.length > 0; ) {
    const children = all.filter(({ parent }) => level.includes(parent));
    found.push(...children);
    level = children.map(({ pid }) => pid);
  }
  return found;
}

async function describe(pid: number): Promise<RunningProcess | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8');
    // pid (name) state parent …; the name may hold anything, so count from the last bracket.
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z'
      ? undefined
      : { pid, parent: Number(parent), command: command.split('\0').slice(0, -1) };
  } catch {
    return undefined; // gone meanwhile
  }
}
