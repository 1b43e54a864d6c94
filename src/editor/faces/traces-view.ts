import * as vscode from 'vscode';
import { type CommandRegistry, commandOf } from '../command-registry';
import type { StepTarget } from '../commands';
import type { ContextKeys } from '../context-keys';
import { Disposable } from '../disposable';
import type { Trace } from '../document/trace';
import type { TraceDocument } from '../document/trace-document';
import { t } from '../l10n';
import { outcomeOf } from '../outcome';
import { bandOf, formatReward, label, lowSteps, oneLine } from '../present';
import type { Settings } from '../settings';
import type { Surfaces } from '../surfaces';
import { targetOf } from '../targets';
import { EVERYTHING, isEverything, passes, type TraceFilter } from './trace-tree';

/** A row of the side bar: a trace or one of its steps. As a command's argument it names what it stands for. */
export interface TraceNode extends StepTarget {
  readonly document: TraceDocument;
  readonly of: Trace;
}

const PAUSE_MS = 150;

/** The traces of the active file in the side bar. */
export class TracesView extends Disposable implements vscode.TreeDataProvider<TraceNode> {
  private readonly changed = this._register(new vscode.EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: vscode.TreeView<TraceNode>;
  private document: TraceDocument | undefined;
  private filter: TraceFilter = EVERYTHING;
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
    this._register(surfaces.onDidChange(({ document }) => this.onChange(document)));
    this._register(surfaces.documents.onDidClose((document) => this.onClose(document)));
    this._register(settings.onDidChange(() => this.soon()));
    this._register(vscode.window.onDidChangeActiveTextEditor(() => this.follow()));
    this.follow();
  }

  getChildren(node?: TraceNode): TraceNode[] {
    const { document } = this;
    if (node) {
      return node.of.trajectory.steps.map(({ index }) => ({
        ...targetOf(node.document, node.of, index),
        document: node.document,
        of: node.of,
      }));
    }
    if (!document) return [];
    const threshold = this.settings.get('lowThreshold', document.uri);
    return document.traces
      .filter((trace) => passes(trace, this.filter, threshold, outcomeOf))
      .map((of) => ({ ...targetOf(document, of), document, of }));
  }

  getTreeItem(node: TraceNode): vscode.TreeItem {
    return node.step === undefined ? this.traceItem(node) : this.stepItem(node, node.step);
  }

  override dispose(): void {
    clearTimeout(this.pause);
    super.dispose();
  }

  private traceItem(node: TraceNode): vscode.TreeItem {
    const { of: trace, document } = node;
    const item = new vscode.TreeItem(label(trace.id), vscode.TreeItemCollapsibleState.Collapsed);
    const low = lowSteps(trace, this.settings.get('lowThreshold', document.uri)).length;
    const { lowest, state } = trace;
    item.id = `${node.uri}#${trace.index}`;
    item.contextValue = 'trace';
    item.iconPath = traceIcon(trace);
    item.tooltip = oneLine(trace.trajectory.question.text, 300);
    item.command = commandOf('steplens.openStep', t('Open'), plain(node));
    item.description = [
      state.kind === 'failed' ? t('not scored: {0}', label(state.reason, 80)) : undefined,
      trace.stale ? t('outdated') : undefined,
      lowest ? t('lowest {0} at step {1}', formatReward(lowest.reward), lowest.index + 1) : undefined,
      low > 0 ? t('{0} low', low) : undefined,
    ]
      .filter((part) => part)
      .join(' · ');
    return item;
  }

  private stepItem(node: TraceNode, index: number): vscode.TreeItem {
    const { of: trace, document } = node;
    const step = trace.stepReward(index);
    const item = new vscode.TreeItem(`${index + 1}. ${label(trace.trajectory.steps[index]?.text ?? '', 80)}`);
    item.id = `${node.uri}#${trace.index}.${index}`;
    item.contextValue = 'step';
    item.command = commandOf('steplens.openStep', t('Open'), plain(node));
    item.tooltip = oneLine(trace.trajectory.steps[index]?.text ?? '', 600);
    if (!step) return item;
    item.description = formatReward(step.reward);
    const band = bandOf(step.reward, this.settings.get('bands', document.uri));
    const color =
      trace.stale || band === 'neutral'
        ? 'neutralForeground'
        : /oss/.test(band)
          ? 'lossForeground'
          : 'gainForeground';
    const isLow = step.reward < this.settings.get('lowThreshold', document.uri);
    const icon = isLow ? 'triangle-down' : step.reward < 0 ? 'chevron-down' : 'chevron-up';
    item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(`steplens.${color}`));
    return item;
  }

  private follow(): void {
    const source = this.surfaces.active?.surface.source;
    if (!source || source === this.document) return;
    this.document = source;
    this.soon();
  }

  private onChange(document: TraceDocument): void {
    this.follow();
    if (document === this.document) this.soon();
  }

  private onClose(document: TraceDocument): void {
    if (document !== this.document) return;
    this.document = this.surfaces.active?.surface.source;
    this.soon();
  }

  private soon(): void {
    this.pause ??= setTimeout(() => {
      this.pause = undefined;
      this.update();
    }, PAUSE_MS);
  }

  private update(): void {
    const { document } = this;
    this.keys.set('steplens.tracesFiltered', !isEverything(this.filter));
    this.view.description = document?.uri.path.split('/').at(-1);
    const threshold = this.settings.get('lowThreshold', document?.uri);
    const low = document?.traces.filter((trace) => lowSteps(trace, threshold).length > 0).length ?? 0;
    this.view.badge = low > 0 ? { value: low, tooltip: t('{0} traces with a low step', low) } : undefined;
    const shown = this.getChildren().length;
    const all = document?.traces.length ?? 0;
    this.view.message =
      document && !isEverything(this.filter) ? t('{0} of {1} traces', shown, all) : undefined;
    this.changed.fire(undefined);
  }

  private setFilter(filter: TraceFilter): void {
    this.filter = filter;
    this.soon();
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

const plain = ({ uri, trace, step }: TraceNode): StepTarget => ({
  uri,
  trace,
  ...(step === undefined ? {} : { step }),
});

function traceIcon(trace: Trace): vscode.ThemeIcon {
  if (trace.state.kind === 'running') return new vscode.ThemeIcon('loading~spin');
  if (trace.state.kind === 'waiting') return new vscode.ThemeIcon('watch');
  if (trace.state.kind === 'failed') return new vscode.ThemeIcon('warning');
  switch (outcomeOf(trace)) {
    case 'right':
      return new vscode.ThemeIcon('pass', new vscode.ThemeColor('steplens.gainForeground'));
    case 'wrong':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('steplens.lossForeground'));
    case 'unknown':
      return new vscode.ThemeIcon('circle-outline');
  }
}
