/** Exit code of a test run that cannot take place on this machine (EX_UNAVAILABLE in sysexits.h). `npm test` goes on. */
export const CANNOT_RUN = 69;

/** What a run needs is not to be had on this machine; nothing is wrong with what would be tested. */
export class ObstacleError extends Error {
  override readonly name = 'ObstacleError';
}

/** Runs a program's main function: its errors become one message and an exit code. */
export function runMain(main: () => Promise<void>): void {
  main().catch((error: unknown) => {
    const cannot = error instanceof ObstacleError;
    console.error(
      cannot ? `Cannot run here: ${error.message}` : error instanceof Error ? error.message : error,
    );
    process.exitCode = cannot ? CANNOT_RUN : 1;
  });
}
