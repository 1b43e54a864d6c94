import { access } from 'node:fs/promises';
import * as vscode from 'vscode';
import { type HumanLabels, NO_HUMAN_LABELS } from '../../labels/human/human-labels';
import { humanLabelPath } from '../../labels/paths';
import { Disposable } from '../disposable';
import type { Trace } from '../document/trace';
import type { TraceDocument } from '../document/trace-document';
import type { TraceDocuments } from '../document/trace-documents';
import { t } from '../l10n';
import { CommandError } from '../targets';

/** Turns what is kept into what should be kept. */
export type Edit = (labels: HumanLabels) => HumanLabels;

/**
 * What people have set for the open files' traces, kept beside each file in `<name>.steplens.json` and put into the
 * traces. Changes of that file from outside are followed.
 */
export class HumanLabelStore extends Disposable {
  private readonly known = new Map<TraceDocument, HumanLabels>();

  constructor(
    private readonly documents: TraceDocuments,
    private readonly onError: (error: unknown) => void,
  ) {
    super();
    this._register(
      documents.onDidChange(({ document, kind, traces }) => {
        if (kind === 'content') this.apply(document, traces);
      }),
    );
    this._register(documents.onDidClose((document) => this.known.delete(document)));
    const watcher = this._register(vscode.workspace.createFileSystemWatcher('**/*.steplens.json'));
    const reload = (uri: vscode.Uri) => this.reload(uri);
    this._register(watcher.onDidChange(reload));
    this._register(watcher.onDidCreate(reload));
    this._register(watcher.onDidDelete(reload));
  }

  /**
   * Changes what is kept for a file.
   * @throws {CommandError} the file is not on disk
   * @throws {LabelError} what is kept cannot be read or written
   */
  async edit(document: TraceDocument, edit: Edit): Promise<void> {
    const path = sidecarOf(document);
    if (path === undefined) {
      throw new CommandError(t('Save the file first: labels and gold answers are kept beside it.'));
    }
    const { editHumanLabels } = await sidecarFiles();
    this.put(document, await editHumanLabels(path, edit));
  }

  private apply(document: TraceDocument, traces: readonly Trace[]): void {
    const labels = this.known.get(document);
    if (labels) {
      for (const trace of traces) setOn(trace, labels);
      return;
    }
    this.known.set(document, NO_HUMAN_LABELS);
    void this.load(document);
  }

  private async load(document: TraceDocument): Promise<void> {
    const path = sidecarOf(document);
    if (path === undefined) return;
    try {
      // Most files have none, and then nothing has to be loaded to read it.
      if (!(await exists(path))) {
        if (!document.disposed) this.put(document, NO_HUMAN_LABELS);
        return;
      }
      const { readHumanLabels } = await sidecarFiles();
      const labels = await readHumanLabels(path);
      if (!document.disposed) this.put(document, labels);
    } catch (error) {
      this.onError(error);
    }
  }

  private reload(uri: vscode.Uri): void {
    for (const document of this.documents.all) {
      if (sidecarOf(document) === uri.fsPath) void this.load(document);
    }
  }

  private put(document: TraceDocument, labels: HumanLabels): void {
    this.known.set(document, labels);
    document.touch(document.traces.filter((trace) => setOn(trace, labels)));
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** Brings all readers along, which an activation should not wait for. */
const sidecarFiles = () => import('../../labels/human/sidecar');

/** Where the labels of a file are kept; undefined where the file is not on disk. */
function sidecarOf({ uri }: TraceDocument): string | undefined {
  return uri.scheme === 'file' ? humanLabelPath(uri.fsPath) : undefined;
}

/** Puts into a trace what is kept for it; whether that is new. Rewards for another gold answer become outdated. */
function setOn(trace: Trace, { labels, gold }: HumanLabels): boolean {
  const own = labels.get(trace.traceKey) ?? NONE;
  const answer = gold.get(trace.traceKey);
  const changed = trace.givenGold !== answer || !sameLabels(trace.humanLabels, own);
  if (trace.givenGold !== answer) trace.setGivenGold(answer);
  trace.humanLabels = own;
  return changed;
}

const NONE: Trace['humanLabels'] = new Map();

function sameLabels(a: Trace['humanLabels'], b: Trace['humanLabels']): boolean {
  if (a === b) return true;
  return (
    a.size === b.size &&
    [...a].every(([step, label]) => JSON.stringify(b.get(step)) === JSON.stringify(label))
  );
}
