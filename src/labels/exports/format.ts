import { isGoldKnown } from '../../cpmi/scored';
import type { StoredTrace } from '../stored';

/** A way to hand labels on to a trainer. One file a format; `EXPORTS` lists them all. */
export interface ExportFormat {
  /** As `steplens export --to` names it. */
  readonly id: string;
  /** For people. */
  readonly label: string;
  readonly extension: 'jsonl' | 'csv';
  /** Whether it has a word for a step that is neither right nor wrong. */
  readonly hasNeutral: boolean;
  /** The first line, where it has one. */
  readonly header?: string;
  /** The text of one trace, line ends included; a sentence where the format cannot carry it. */
  write(trace: StoredTrace): { readonly text: string } | { readonly problem: string };
}

/** One JSON value a line. */
export const jsonLine = (value: unknown): { readonly text: string } => ({
  text: `${JSON.stringify(value)}\n`,
});

/** The gold answer, but not where it is only the answer that the trace itself arrives at, or a verdict. */
export function knownGold({ goldAnswer, goldSource }: StoredTrace): string | undefined {
  return isGoldKnown(goldSource) ? goldAnswer : undefined;
}
