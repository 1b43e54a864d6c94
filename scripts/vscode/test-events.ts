/**
 * What the extension host reports about a suite, one JSON object a line in the file that `EVENTS_VARIABLE` names. A file, because
 * it is the one channel that works the same in every kind of VS Code and survives a host that crashes.
 */
export type TestEvent =
  | { readonly type: 'passed' | 'skipped'; readonly title: string; readonly ms: number }
  | { readonly type: 'failed'; readonly title: string; readonly ms: number; readonly error: string }
  | { readonly type: 'ended' };

export const EVENTS_VARIABLE = 'STEPLENS_TEST_EVENTS';
/** Only tests whose full title matches this regular expression are run. */
export const GREP_VARIABLE = 'STEPLENS_TEST_GREP';
/** The repository's root, for tests that need its files: their own place is a bundle elsewhere. */
export const REPO_VARIABLE = 'STEPLENS_REPO';
