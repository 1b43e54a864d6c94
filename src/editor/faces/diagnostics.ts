import * as vscode from 'vscode';
import { commandLink } from '../commands';
import { Disposable } from '../disposable';
import type { ShownTrace, Surface } from '../document/surface';
import { lowSteps } from '../present';
import type { Settings } from '../settings';
import { rangeOf, type Surfaces } from '../surfaces';
import { aheadMessage, lastAhead, lowStepMessage } from './low-step-text';

export const DIAGNOSTIC_SOURCE = 'Steplens';
const PAUSE_MS = 250;

const SEVERITY = {
  hint: vscode.DiagnosticSeverity.Hint,
  information: vscode.DiagnosticSeverity.Information,
  warning: vscode.DiagnosticSeverity.Warning,
  error: vscode.DiagnosticSeverity.Error,
} as const;

/** Low steps in the Problems panel and underlined in the text. */
export class Diagnostics extends Disposable {
  private readonly collection = this._register(vscode.languages.createDiagnosticCollection('steplens'));
  private pause: NodeJS.Timeout | undefined;

  constructor(
    private readonly surfaces: Surfaces,
    private readonly settings: Settings,
  ) {
    super();
    const soon = () => this.soon();
    this._register(
      surfaces.onDidChange(({ kind }) => {
        if (kind !== 'progress') soon();
      }),
    );
    this._register(settings.onDidChange(soon));
    this._register(
      vscode.workspace.onDidCloseTextDocument((document) => this.collection.delete(document.uri)),
    );
    this._register(vscode.window.onDidChangeVisibleTextEditors(soon));
    this._register(vscode.window.tabGroups.onDidChangeTabs(soon));
  }

  override dispose(): void {
    clearTimeout(this.pause);
    super.dispose();
  }

  private soon(): void {
    this.pause ??= setTimeout(() => {
      this.pause = undefined;
      const tabs = openTabs();
      for (const document of vscode.workspace.textDocuments) {
        const surface = this.surfaces.get(document);
        // VS Code keeps the text of a view that was closed for a while; its problems are those of the file, once more.
        const closed = surface?.kind === 'readable' && !tabs.has(document.uri.toString());
        if (surface && !closed) this.collection.set(document.uri, this.of(document, surface));
        else if (this.collection.has(document.uri)) this.collection.delete(document.uri);
      }
    }, PAUSE_MS);
  }

  private of(document: vscode.TextDocument, surface: Surface): vscode.Diagnostic[] {
    const uri = surface.source.uri;
    const severity = this.settings.get('diagnostics.severity', uri);
    if (severity === 'off') return [];
    const threshold = this.settings.get('lowThreshold', uri);
    const low = surface.shown.flatMap((shown) => {
      const steps = lowSteps(shown.trace, threshold);
      return steps
        .filter((step) => !shown.trace.hidden.has(step))
        .map((step) => ({ shown, step, first: step === steps[0] }));
    });
    const reward = (entry: (typeof low)[number]) => entry.shown.trace.stepReward(entry.step)?.reward ?? 0;
    const count = this.settings.get('diagnostics.count', uri);
    const listed = low.length <= count ? low : low.sort((a, b) => reward(a) - reward(b)).slice(0, count);
    return listed.flatMap(({ shown, step, first }) =>
      diagnosticOf(document, shown, step, first, SEVERITY[severity]),
    );
  }
}

/** Addresses of the texts that have a tab. */
function openTabs(): ReadonlySet<string> {
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return new Set(
    tabs.flatMap(({ input }) => (input instanceof vscode.TabInputText ? input.uri.toString() : [])),
  );
}

function diagnosticOf(
  document: vscode.TextDocument,
  shown: ShownTrace,
  step: number,
  first: boolean,
  severity: vscode.DiagnosticSeverity,
): vscode.Diagnostic[] {
  const { trace } = shown;
  const places = shown.steps();
  const place = places[step]?.[0];
  const reward = trace.stepReward(step);
  if (!place || !trace.scored || !reward) return [];
  const message = lowStepMessage(trace.scored, reward, first);
  const diagnostic = new vscode.Diagnostic(rangeOf(document, place), message, severity);
  diagnostic.source = DIAGNOSTIC_SOURCE;
  const explain = vscode.Uri.parse(commandLink('steplens.explainRewards'), true);
  diagnostic.code = { value: first ? 'first-low-step' : 'low-step', target: explain };
  const ahead = lastAhead(trace.scored, step);
  const there = ahead === undefined ? undefined : places[ahead]?.[0];
  if (ahead !== undefined && there) {
    const text = aheadMessage(trace.scored, ahead, textOf(shown, ahead));
    const location = new vscode.Location(document.uri, rangeOf(document, there));
    diagnostic.relatedInformation = [new vscode.DiagnosticRelatedInformation(location, text)];
  }
  return [diagnostic];
}

const textOf = ({ trace }: ShownTrace, step: number) => trace.trajectory.steps[step]?.text ?? '';
