import { createHash } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { onFile } from '../label-error';
import { workPaths } from '../paths';
import { alreadyThere, exists, install } from './target';

/** Characters collected before they are written. */
const BLOCK = 1024 * 1024;

/** A text file that is written piece by piece under a provisional name, and hashed on the way. */
export class LineFile {
  private block: string[] = [];
  private length = 0;
  private readonly hash = createHash('sha256');

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
  ) {}

  /** @throws {LabelError} `write` */
  static async create(path: string): Promise<LineFile> {
    return new LineFile(path, await onFile('write', path, () => open(path, 'w')));
  }

  async add(text: string): Promise<void> {
    this.block.push(text);
    this.length += text.length;
    if (this.length >= BLOCK) await this.flush();
  }

  /** Completes the file on the disk. @returns the SHA-256 of its content */
  async finish(): Promise<string> {
    await this.flush();
    await onFile('write', this.path, () => this.file.datasync());
    await this.file.close();
    return this.hash.digest('hex');
  }

  /** Closes and removes what can't be completed. */
  async discard(): Promise<void> {
    await this.file.close().catch(() => undefined);
    await unlink(this.path).catch(() => undefined);
  }

  private async flush(): Promise<void> {
    const bytes = Buffer.from(this.block.join(''));
    this.block = [];
    this.length = 0;
    this.hash.update(bytes);
    await onFile('write', this.path, () => this.file.appendFile(bytes));
  }
}

/**
 * Writes a file piece by piece and gives it its name when it is complete; whatever stops `write` leaves no part of it.
 * @param force whether a file that is there already is replaced
 * @throws {LabelError} `exists`, `write`
 */
export async function writeWhole<T>(
  path: string,
  force: boolean,
  write: (file: LineFile) => Promise<T>,
): Promise<T> {
  if (!force && (await exists(path))) throw alreadyThere(path);
  const { partial } = workPaths(path);
  const file = await LineFile.create(`${partial}.${process.pid}`);
  try {
    const result = await write(file);
    await file.finish();
    await install(file.path, path, force);
    return result;
  } catch (error) {
    await file.discard();
    throw error;
  }
}
