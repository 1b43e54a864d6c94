import * as vscode from 'vscode';
import { fileFor } from '../active-file';
import type { CommandRegistry } from '../command-registry';
import { asTarget } from '../commands';
import { Disposable } from '../disposable';
import type { TraceDocument } from '../document/trace-document';
import { t } from '../l10n';
import type { LargeEditors } from '../large/large-editors';
import type { Memory } from '../scoring/model-host';
import type { Targets } from '../targets';
import { HeatmapPanel, type PanelParts } from './heatmap-panel';

const VIEW_TYPE = 'steplens.heatmap';
const OPEN = 'steplens.openHeatmaps';

/** The heatmaps that are open, one a file. They come back after a reload of the window. */
export class Heatmaps extends Disposable implements vscode.WebviewPanelSerializer {
  private readonly panels = new Map<string, HeatmapPanel>();

  constructor(
    commands: CommandRegistry,
    private readonly targets: Targets,
    private readonly parts: PanelParts,
    private readonly memory: Memory,
    private readonly large: Pick<LargeEditors, 'isLarge' | 'openFile'>,
  ) {
    super();
    commands.register({ 'steplens.openHeatmap': (target) => this.open(target) });
    this._register(vscode.window.registerWebviewPanelSerializer(VIEW_TYPE, this));
    this._register(parts.surfaces.documents.onDidClose((document) => this.reattach(document)));
  }

  /** The file whose heatmap is the active editor. */
  get active(): TraceDocument | undefined {
    return [...this.panels.values()].find(({ panel }) => panel.active)?.document;
  }

  /** VS Code restores a panel by its title only; which file it showed is remembered for the workspace. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    const uri = this.remembered.find(
      (known) => titleOf(vscode.Uri.parse(known)) === panel.title && !this.panels.has(known),
    );
    const document = uri && (await this.parts.surfaces.documents.openUri(vscode.Uri.parse(uri)));
    if (document) this.attach(panel, document);
    else panel.dispose();
  }

  override dispose(): void {
    for (const panel of [...this.panels.values()]) panel.dispose();
    super.dispose();
  }

  private async open(given: unknown): Promise<void> {
    const target = asTarget(given);
    const file = fileFor(given);
    // The editor of large files is a heatmap itself.
    if (!target && file && (await this.large.isLarge(file))) return this.large.openFile(file);
    const document = target ? (await this.targets.aim(target)).document : await this.targets.file(given);
    const cursor = this.parts.surfaces.cursor;
    const { reveal } = document.origin;
    if (reveal) return reveal(target?.step ?? cursor?.step, true);
    const panel = this.panelOf(document);
    if (target) panel.select(target.trace, target.step);
    else if (cursor?.surface.source === document) panel.select(cursor.shown.trace.index, cursor.step);
  }

  private panelOf(document: TraceDocument): HeatmapPanel {
    const known = this.panels.get(document.uri.toString());
    if (known) {
      known.panel.reveal();
      return known;
    }
    const column = vscode.window.activeTextEditor ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    const panel = vscode.window.createWebviewPanel(VIEW_TYPE, titleOf(document.uri), column);
    return this.attach(panel, document);
  }

  private attach(panel: vscode.WebviewPanel, document: TraceDocument): HeatmapPanel {
    const key = document.uri.toString();
    const own = new HeatmapPanel(panel, document, this.parts);
    this.panels.set(key, own);
    panel.onDidDispose(() => {
      if (this.panels.get(key) === own) this.panels.delete(key);
      void this.remember();
    });
    void this.remember();
    return own;
  }

  /** The editor lets go of a document that is shown in no tab; the heatmap still shows it, so it is read again. */
  private reattach(document: TraceDocument): void {
    const panel = this.panels.get(document.uri.toString());
    if (panel?.document === document) void this.reopen(panel, document.uri);
  }

  private async reopen(old: HeatmapPanel, uri: vscode.Uri): Promise<void> {
    const document = await Promise.resolve(this.parts.surfaces.documents.openUri(uri)).catch(() => undefined);
    if (old.disposed || this.disposed) return;
    if (document) old.show(document);
    else old.dispose();
  }

  private get remembered(): readonly string[] {
    const stored = this.memory.get<unknown>(OPEN);
    return Array.isArray(stored) ? stored.filter((uri) => typeof uri === 'string') : [];
  }

  private async remember(): Promise<void> {
    if (!this.disposed) await this.memory.update(OPEN, [...this.panels.keys()]);
  }
}

const titleOf = (uri: vscode.Uri): string => t('Heatmap: {0}', uri.path.split('/').at(-1) ?? '');
