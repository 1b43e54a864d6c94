/** An error that the user can act on: printed as one line, with an exit code. Anything else is a defect and shows its stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 1,
  ) {
    super(message);
  }
}

/** The user pressed Ctrl-C; the shell's convention for it is exit code 130. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
  static readonly exitCode = 130;
}

/** Whether the operating system refused something about a file, as opposed to a defect. */
export function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

/** What to print for an error of the file system, without its stack. */
export function fileError(path: string, error: NodeJS.ErrnoException): CliError {
  const reasons: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'it may not be read',
    EISDIR: 'it is a folder, not a file',
  };
  return new CliError(`${path}: ${reasons[error.code ?? ''] ?? error.message}`);
}
