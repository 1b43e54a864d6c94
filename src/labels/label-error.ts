/** What went wrong, for a caller that reacts to it rather than only shows the message. */
export type LabelErrorKind =
  /** The output is there already; `force` overwrites it. */
  | 'exists'
  /** Another run is writing the same output. */
  | 'locked'
  /** Input, settings or model are not those that the journal was begun with; `restart` drops the journal. */
  | 'changed'
  /** The output would replace something that it must not replace. */
  | 'conflict'
  /** A file cannot be read. */
  | 'read'
  /** A file cannot be written: no space, no permission, no folder. */
  | 'write'
  /** The file with human labels is broken. */
  | 'human-labels'
  /** A label has no word in the format that it is to be written in. */
  | 'neutral'
  /** There is nothing to write: no trace could be scored or exported. */
  | 'nothing';

/** An error that the user can act on: one sentence that names the file, and what to do where that is known. */
export class LabelError extends Error {
  override readonly name = 'LabelError';
  constructor(
    readonly kind: LabelErrorKind,
    message: string,
  ) {
    super(message);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EFBIG: 'the file would be larger than is allowed',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder, not a file',
  EIO: 'the device reports an input/output error',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
};

/** Whether the operating system refused something, as opposed to a defect. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException & { code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}

/** An error of the file system as one sentence; everything else as it is. */
export function fileTrouble(kind: 'read' | 'write', path: string, error: unknown): unknown {
  if (!isSystemError(error)) return error;
  const reading = kind === 'read';
  const own: Readonly<Record<string, string>> = {
    ENOENT: reading ? 'there is no such file' : 'its folder does not exist',
    EACCES: `it may not be ${reading ? 'read' : 'written'}`,
    EPERM: `it may not be ${reading ? 'read' : 'written'}`,
  };
  return new LabelError(kind, `${path}: ${own[error.code] ?? REASONS[error.code] ?? error.message}`);
}

/** Runs an action on a file; what the file system refuses becomes a `LabelError` that names the file. */
export async function onFile<T>(kind: 'read' | 'write', path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw fileTrouble(kind, path, error);
  }
}
