/**
 * A signal that fires on the first Ctrl-C (or SIGTERM); a second one ends the program at once. What runs meanwhile
 * stops, cleans up and reports.
 */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort();
    });
  }
  return controller.signal;
}
