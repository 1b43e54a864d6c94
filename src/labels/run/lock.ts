import { readFileSync } from 'node:fs';
import { open, readFile, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { isSystemError, LabelError, onFile } from '../label-error';

/** Who holds a lock. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process started, where the system tells: another process may have got the same id since. */
  readonly started: string | null;
}

export interface Lock {
  release(): Promise<void>;
}

/** Locks that this process holds: its own id in a lock file that is not among them was left by an earlier process. */
const held = new Set<string>();

/** A lock file that is still empty belongs to a process that is just writing it, unless it is older than this. */
const WRITING_MS = 5_000;
/** Who is clearing a dead process's lock away is done in a moment; a mark older than this was left by a kill. */
const CLEARING_MS = 10_000;

/**
 * Takes a lock for writing `what`: a file that names this process. The lock of a process that is no more is taken over.
 * @throws {LabelError} `locked` where a living process holds it; `write` where the file cannot be made
 */
export async function takeLock(path: string, what: string): Promise<Lock> {
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await create(path, JSON.stringify(self()), what)) {
      held.add(path);
      return {
        async release() {
          held.delete(path);
          await unlink(path).catch(() => undefined);
        },
      };
    }
    await clearDead(path, what);
  }
  throw new LabelError('locked', `${what} is being written by another run`);
}

/** Removes a lock whose process is dead. One process at a time does it, so that no living lock is removed. */
async function clearDead(path: string, what: string): Promise<void> {
  const mark = `${path}.clearing`;
  refuseLiving(await read(path), path, what);
  if (!(await create(mark, '', what))) {
    const age = await ageOf(mark);
    if (age !== undefined && age > CLEARING_MS) await unlink(mark).catch(() => undefined);
    else await new Promise((resolve) => setTimeout(resolve, 50));
    return;
  }
  try {
    refuseLiving(await read(path), path, what); // it may have been taken over meanwhile
    await unlink(path).catch(() => undefined);
  } finally {
    await unlink(mark).catch(() => undefined);
  }
}

function refuseLiving(found: Found, path: string, what: string): void {
  if (found === 'gone' || found === 'dead') return;
  const who =
    found === 'unknown'
      ? 'another run'
      : `process ${found.pid}${found.host === hostname() ? '' : ` on ${found.host}`}`;
  throw new LabelError('locked', `${what} is being written by ${who} (if that is not so, delete ${path})`);
}

type Found = Holder | 'gone' | 'dead' | 'unknown';

async function read(path: string): Promise<Found> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw new LabelError('locked', `${path}: the lock cannot be read`);
  });
  if (text === undefined) return 'gone';
  const holder = parse(text);
  if (holder) return isAlive(holder, path) ? holder : 'dead';
  const age = await ageOf(path);
  return age === undefined ? 'gone' : age > WRITING_MS ? 'dead' : 'unknown';
}

function parse(text: string): Holder | undefined {
  try {
    const { pid, host, started } = JSON.parse(text) as Record<string, unknown>;
    if (typeof pid !== 'number' || typeof host !== 'string') return undefined;
    return { pid, host, started: typeof started === 'string' ? started : null };
  } catch {
    return undefined; // torn: its process died while writing it
  }
}

/** Of a process on another machine nothing is known: it counts as alive. */
function isAlive({ pid, host, started }: Holder, path: string): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid) return held.has(path);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (isSystemError(error) && error.code === 'ESRCH') return false;
  }
  const now = processState(pid);
  if (now === null) return true;
  return now.state !== 'Z' && (started === null || now.started === started);
}

const self = (): Holder => ({
  pid: process.pid,
  host: hostname(),
  started: processState(process.pid)?.started ?? null,
});

/**
 * From /proc/<pid>/stat: the state (field 3; Z is dead and not yet collected by its parent) and the start time in clock
 * ticks since boot (field 22). Null where there is no /proc.
 */
function processState(pid: number): { state: string; started: string } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in field 2 may hold spaces and brackets; the fields behind its last bracket do not.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state, started] = [fields[0], fields[19]];
    return state === undefined || started === undefined ? null : { state, started };
  } catch {
    return null;
  }
}

/** Makes a file that must not be there yet; false where it is. What stands in the way is told of `what`. */
async function create(path: string, text: string, what: string): Promise<boolean> {
  return onFile('write', what, async () => {
    const file = await open(path, 'wx').catch((error: unknown) => {
      if (isSystemError(error) && error.code === 'EEXIST') return undefined;
      throw error;
    });
    if (!file) return false;
    try {
      await file.writeFile(text);
    } catch (error) {
      await unlink(path).catch(() => undefined);
      throw error;
    } finally {
      await file.close();
    }
    return true;
  });
}

async function ageOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && Date.now() - found.mtimeMs;
}
