import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLock } from '../../../src/labels/run/lock';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'steplens-lock-'));
  path = join(folder, '.x.lock');
});
afterEach(() => rmSync(folder, { recursive: true }));

const holder = (over: object) => JSON.stringify({ pid: 1, host: hostname(), started: null, ...over });

describe('a lock', () => {
  it('is held by one, and free again afterwards', async () => {
    const lock = await takeLock(path, 'x');
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid, host: hostname() });
    await expect(takeLock(path, 'x')).rejects.toMatchObject({
      kind: 'locked',
      message: expect.stringContaining(`x is being written by process ${process.pid}`),
    });
    await lock.release();
    await (await takeLock(path, 'x')).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is taken over from a process that is dead, by one of many that want it', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => child.on('close', resolve));
    writeFileSync(path, holder({ pid: child.pid }));
    const wanted = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(path, 'x')));
    expect(wanted.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    expect(JSON.parse(readFileSync(path, 'utf8')).pid).toBe(process.pid);
    expect(readdirSync(folder)).toEqual(['.x.lock']);
  });

  it('is not taken from a living process, nor from another machine', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
    writeFileSync(path, holder({ pid: child.pid }));
    await expect(takeLock(path, 'x')).rejects.toThrow(`process ${child.pid} (`);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.on('close', resolve));
    writeFileSync(path, holder({ pid: child.pid, host: 'elsewhere' }));
    await expect(takeLock(path, 'x')).rejects.toThrow(`process ${child.pid} on elsewhere`);
  });

  it('of an earlier process with the same id is taken over', async () => {
    writeFileSync(path, holder({ pid: process.pid, started: '1' }));
    await (await takeLock(path, 'x')).release();
  });

  it.runIf(process.platform === 'linux')('tells a process from an earlier one of the same id', async () => {
    writeFileSync(path, holder({ pid: process.ppid, started: '1' }));
    await (await takeLock(path, 'x')).release();
  });

  it('that is just being written counts as held, an old torn one does not', async () => {
    writeFileSync(path, '');
    await expect(takeLock(path, 'x')).rejects.toThrow('x is being written by another run');
    utimesSync(path, new Date(0), new Date(0));
    await (await takeLock(path, 'x')).release();
  });

  it('is taken although somebody was killed while clearing it away', async () => {
    writeFileSync(path, holder({ pid: process.pid, started: '1' }));
    writeFileSync(`${path}.clearing`, '');
    utimesSync(`${path}.clearing`, new Date(0), new Date(0));
    await (await takeLock(path, 'x')).release();
    expect(readdirSync(folder)).toEqual([]);
  });
});
