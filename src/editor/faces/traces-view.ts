import * as vscode from 'vscode';
import type { CommandRegistry } from '../command-registry';
import type { ContextKeys } from '../context-keys';
import { Disposable } from '../disposable';
import type { Trace } from '../document/trace';
import type { TraceChange, TraceDocument } from '../document/trace-document';
import { t } from '../l10n';
import { hasLowStep } from '../present';
import type { Settings } from '../settings';
import type { Surfaces } from '../surfaces';
import { targetOf } from '../targets';
import { itemOf, type TraceNode } from './trace-items';
import { EVERYTHING, isEverything, passes, type TraceFilter } from './trace-tree';

const PAUSE_MS = 200;
/** Rows beyond this help nobody and cost VS Code much; the heatmap shows all. */
const MOST_ROWS = 3000;

/** The traces of the active file in the side bar. */
export class TracesView extends Disposable implements vscode.TreeDataProvider<TraceNode> {
  private readonly changed = this._register(new vscode.EventEmitter<TraceNode[] | undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<TraceNode>;
  private document: TraceDocument | undefined;
  private filter: TraceFilter = EVERYTHING;
  private nodes = new Map<Trace, TraceNode>();
  private passing = 0;
  /** What has to be drawn anew: some traces, or everything. */
  private due: Set<Trace> | 'all' = new Set();
  private pause: NodeJS.Timeout | undefined;

  constructor(
    commands: CommandRegistry,
    private readonly surfaces: Surfaces,
    private readonly settings: Settings,
    private readonly keys: ContextKeys,
  ) {
    super();
    this.view = this._register(
      vscode.window.createTreeView('steplens.traces', { treeDataProvider: this, showCollapseAll: true }),
    );
    commands.register({
      'steplens.filterTraces': () => this.chooseFilter(),
      'steplens.clearTraceFilter': () => this.setFilter(EVERYTHING),
    });
    this._register(surfaces.onDidChange((change) => this.onChange(change)));
    this._register(surfaces.documents.onDidClose((document) => this.onClose(document)));
    this._register(settings.onDidChange(() => this.soon('all')));
    this._register(vscode.window.onDidChangeActiveTextEditor(() => this.follow()));
    this.follow();
  }

  getChildren(node?: TraceNode): TraceNode[] {
    if (node) {
      return node.of.trajectory.steps.map(({ index }) => ({
        ...targetOf(node.document, node.of, index),
        document: node.document,
        of: node.of,
      }));
    }
    return [...this.nodes.values()];
  }

  getTreeItem(node: TraceNode): vscode.TreeItem {
    const { uri } = node.document;
    return itemOf(node, {
      threshold: this.settings.get('lowThreshold', uri),
      edges: this.settings.get('bands', uri),
    });
  }

  override dispose(): void {
    clearTimeout(this.pause);
    super.dispose();
  }

  private follow(): void {
    const source = this.surfaces.active?.surface.source;
    if (!source || source === this.document) return;
    this.document = source;
    this.soon('all');
  }

  private onChange({ document, kind, traces }: TraceChange): void {
    this.follow();
    if (document !== this.document) return;
    // With a filter, a reward decides whether a trace is listed at all.
    const some = kind === 'progress' || (kind === 'rewards' && isEverything(this.filter));
    this.soon(some ? traces : 'all');
  }

  private onClose(document: TraceDocument): void {
    if (document !== this.document) return;
    this.document = this.surfaces.active?.surface.source;
    this.soon('all');
  }

  private soon(what: readonly Trace[] | 'all'): void {
    if (what === 'all') this.due = 'all';
    else if (this.due !== 'all') for (const trace of what) this.due.add(trace);
    this.pause ??= setTimeout(() => {
      this.pause = undefined;
      this.update();
    }, PAUSE_MS);
  }

  private update(): void {
    const due = this.due;
    this.due = new Set();
    if (due === 'all') this.list();
    this.caption();
    const nodes = due === 'all' ? undefined : [...due].flatMap((trace) => this.nodes.get(trace) ?? []);
    if (nodes === undefined || nodes.length > 0) this.changed.fire(nodes);
  }

  private list(): void {
    const { document } = this;
    const threshold = this.settings.get('lowThreshold', document?.uri);
    const passing = document?.traces.filter((trace) => passes(trace, this.filter, threshold)) ?? [];
    this.passing = passing.length;
    this.nodes = new Map();
    if (!document) return;
    for (const of of passing.slice(0, MOST_ROWS)) {
      this.nodes.set(of, { ...targetOf(document, of), document, of });
    }
  }

  private caption(): void {
    const { document } = this;
    const view = this.view;
    this.keys.set('steplens.tracesFiltered', !isEverything(this.filter));
    view.description = document?.uri.path.split('/').at(-1);
    const threshold = this.settings.get('lowThreshold', document?.uri);
    const low = document?.traces.filter((trace) => hasLowStep(trace, threshold)).length ?? 0;
    view.badge = low > 0 ? { value: low, tooltip: t('{0} traces with a low step', low) } : undefined;
    const all = document?.traces.length ?? 0;
    const shown = this.nodes.size;
    view.message =
      shown < this.passing
        ? t('The first {0} of {1} traces; the heatmap shows all.', shown, this.passing)
        : shown < all
          ? t('{0} of {1} traces', shown, all)
          : undefined;
  }

  private setFilter(filter: TraceFilter): void {
    this.filter = filter;
    this.soon('all');
  }

  private async chooseFilter(): Promise<void> {
    const choices: (vscode.QuickPickItem & { filter: TraceFilter })[] = [
      { label: t('With a low step'), filter: { ...EVERYTHING, low: true } },
      { label: t('Wrong answer'), filter: { ...EVERYTHING, outcome: 'wrong' } },
      { label: t('Right answer'), filter: { ...EVERYTHING, outcome: 'right' } },
      { label: t('Right answer with a low step'), filter: { ...EVERYTHING, outcome: 'right', low: true } },
      { label: t('Not scored'), filter: { ...EVERYTHING, unscored: true } },
    ];
    const chosen = await vscode.window.showQuickPick(choices, { placeHolder: t('Show which traces?') });
    if (chosen) this.setFilter(chosen.filter);
  }
}
