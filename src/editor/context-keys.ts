/** Every context key that `when` clauses in package.json may use. */
export const CONTEXT_KEYS = [
  /** The active editor shows traces, in their file or in a readable view. */
  'steplens.traceEditor',
  /** The active file has rewards. */
  'steplens.hasRewards',
  /** Problems of steps of the active file are hidden. */
  'steplens.hasHidden',
  /** Traces wait to be scored or are being scored. */
  'steplens.scoring',
  /** The traces view shows some of the traces only. */
  'steplens.tracesFiltered',
] as const;

export type ContextKey = (typeof CONTEXT_KEYS)[number];

/** The context keys' values. VS Code is told only where one changes. */
export class ContextKeys {
  private readonly known = new Map<ContextKey, boolean>();

  constructor(private readonly tell: (key: ContextKey, value: boolean) => void) {}

  set(key: ContextKey, value: boolean): void {
    if (this.known.get(key) === value) return;
    this.known.set(key, value);
    this.tell(key, value);
  }
}
