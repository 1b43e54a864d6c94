import { copyFile, mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createVSIX, listFiles } from '@vscode/vsce';
import { REPO } from './paths';
import { stage } from './stage';
import type { Target } from './targets';

export interface PackageOptions {
  readonly target: Target;
  /** Where the .vsix goes. */
  readonly folder: string;
  /** The extension's root; the repository by default. */
  readonly root?: string;
}

export interface Packaged {
  readonly file: string;
  readonly bytes: number;
}

/**
 * Makes `<name>-<target>-<version>.vsix` from a staged copy.
 * @throws Error where a needed file is missing or vsce would pack other files than were staged.
 */
export async function packageTarget({ target, folder, root = REPO }: PackageOptions): Promise<Packaged> {
  const manifest = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
  const staging = await mkdtemp(path.join(tmpdir(), 'steplens-stage-'));
  try {
    const staged = await stage(target, staging, root);
    // The allow-list proper is `stage`; this one guards whoever runs vsce by hand, so both must agree.
    await copyFile(path.join(REPO, '.vscodeignore'), path.join(staging, '.vscodeignore'));
    const packed = (await listFiles({ cwd: staging })).sort();
    const difference = [
      ...packed.filter((f) => !staged.includes(f)),
      ...staged.filter((f) => !packed.includes(f)),
    ];
    if (difference.length > 0) {
      throw new Error(`.vscodeignore and the staged files disagree about ${difference.join(', ')}`);
    }
    const name = `${manifest.name}-${target.name}-${manifest.version}.vsix`;
    const unfinished = path.join(staging, name);
    await createVSIX({
      cwd: staging,
      packagePath: unfinished,
      target: target.name,
      allowMissingRepository: true,
      rewriteRelativeLinks: Boolean(manifest.repository),
    });
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, name);
    await moveFile(unfinished, file);
    return { file, bytes: (await stat(file)).size };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** A rename that also works between file systems; the destination is replaced at once, never half-written. */
async function moveFile(from: string, to: string): Promise<void> {
  const beside = `${to}.${process.pid}.part`;
  await copyFile(from, beside);
  await rename(beside, to);
}
