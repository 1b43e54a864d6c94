/**
 * How long one thing is waited for, in ms, wherever VS Code is driven: a page, a click, a reward. On a small machine that
 * others use as well, what takes a second takes half a minute. Only a failure takes that long.
 */
export const PATIENCE_MS = 180_000;
