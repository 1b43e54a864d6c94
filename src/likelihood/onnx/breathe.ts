/** Lets messages in between two passes: a run blocks its thread, and a cancel must be heard. */
export const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
