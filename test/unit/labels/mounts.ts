import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file system in memory of a few pages, mounted in a folder of its own. */
export class SmallDisk {
  readonly folder = mkdtempSync(join(tmpdir(), 'steplens-disk-'));
  readonly mounted: boolean;

  constructor(kilobytes: number) {
    this.mounted = mount('-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', this.folder);
  }
  remount(option: string): void {
    if (!mount('-o', `remount,${option}`, this.folder)) throw new Error(`remount,${option} failed`);
  }
  remove(): void {
    if (this.mounted) spawnSync('umount', [this.folder]);
    rmdirSync(this.folder);
  }
}

function mount(...args: string[]): boolean {
  return spawnSync('mount', args, { stdio: 'ignore' }).status === 0;
}

/** Whether this user may mount file systems; says so where not, as tests that need it are skipped then. */
export function canMount(): boolean {
  const disk = new SmallDisk(64);
  disk.remove();
  if (!disk.mounted)
    console.info('No file system can be mounted here: tests with a full or read-only disk are skipped.');
  return disk.mounted;
}
