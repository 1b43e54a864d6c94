import * as vscode from 'vscode';
import { Disposable } from '../disposable';
import type { ShownTrace, Surface } from '../document/surface';
import { bandOf, lowSteps } from '../present';
import type { Settings } from '../settings';
import type { BandEdges } from '../settings-schema';
import { rangeOf, type Surfaces, type TraceEditor, visibleTraces } from '../surfaces';
import { DecorationTypes, rewardColor, type StepStyle } from './decoration-types';
import { rewardText } from './reward-text';

/** Lines above and below the window that are decorated as well, so that scrolling a little shows no bare steps. */
const MARGIN = 60;
/** Most marks on the scroll bar. */
const MOST_MARKS = 3000;
const PAUSE_MS = 30;

interface Options {
  readonly edges: BandEdges;
  readonly threshold: number;
  readonly background: boolean;
  readonly reward: boolean;
  readonly gutter: boolean;
}

/** Backgrounds, rewards, gutter icons and scroll bar marks on the steps of every visible editor with traces. */
export class Decorations extends Disposable {
  private readonly types: DecorationTypes;
  private readonly pauses = new Map<vscode.TextEditor, NodeJS.Timeout>();
  private readonly marksDue = new WeakSet<vscode.TextEditor>();
  private readonly decorated = new WeakSet<vscode.TextEditor>();

  constructor(
    private readonly surfaces: Surfaces,
    private readonly settings: Settings,
    media: vscode.Uri,
  ) {
    super();
    this.types = this._register(new DecorationTypes(media));
    const { window } = vscode;
    this._register(
      surfaces.onDidChange(({ document, kind }) => {
        if (kind !== 'progress') this.refresh((surface) => surface.source === document);
      }),
    );
    this._register(settings.onDidChange(() => this.refresh()));
    this._register(window.onDidChangeVisibleTextEditors(() => this.refresh()));
    this._register(
      window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
        if (surfaces.get(textEditor.document)) this.soon(textEditor);
      }),
    );
    this.refresh();
  }

  override dispose(): void {
    for (const pause of this.pauses.values()) clearTimeout(pause);
    super.dispose();
  }

  private refresh(matches: (surface: Surface) => boolean = () => true): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const surface = this.surfaces.get(editor.document);
      if (!(surface ? matches(surface) : this.decorated.has(editor))) continue;
      this.marksDue.add(editor);
      this.soon(editor);
    }
  }

  private soon(editor: vscode.TextEditor): void {
    if (this.pauses.has(editor)) return;
    const draw = () => {
      this.pauses.delete(editor);
      const surface = this.surfaces.get(editor.document);
      if (surface) this.draw({ editor, surface });
      else if (this.decorated.has(editor)) this.clear(editor);
    };
    this.pauses.set(editor, setTimeout(draw, PAUSE_MS));
  }

  private draw({ editor, surface }: TraceEditor): void {
    const { document } = editor;
    const options = this.options(surface.source.uri);
    const byStyle = new Map<StepStyle, vscode.DecorationOptions[]>();
    for (const shown of visibleTraces(editor, surface, MARGIN)) {
      for (const [style, decoration] of stepDecorations(document, shown, options)) {
        const list = byStyle.get(style);
        if (list) list.push(decoration);
        else byStyle.set(style, [decoration]);
      }
    }
    // Every type is set on every pass, so that what no longer applies goes away.
    for (const [style, type] of this.types.steps) editor.setDecorations(type, byStyle.get(style) ?? []);
    this.decorated.add(editor);
    if (this.marksDue.delete(editor)) this.drawMarks({ editor, surface }, options);
  }

  /** Marks of the whole document: not drawn anew when it is only scrolled. */
  private drawMarks({ editor, surface }: TraceEditor, options: Options): void {
    const low = lowRanges(editor.document, surface, options.threshold);
    editor.setDecorations(this.types.ruler, low);
    const lines = new Set(options.gutter ? low.map((range) => range.start.line) : []);
    editor.setDecorations(
      this.types.gutter,
      [...lines].map((line) => new vscode.Range(line, 0, line, 0)),
    );
  }

  private clear(editor: vscode.TextEditor): void {
    for (const type of [...this.types.steps.values(), this.types.ruler, this.types.gutter]) {
      editor.setDecorations(type, []);
    }
    this.decorated.delete(editor);
  }

  private options(uri: vscode.Uri): Options {
    return {
      edges: this.settings.get('bands', uri),
      threshold: this.settings.get('lowThreshold', uri),
      background: this.settings.get('decorations.background', uri),
      reward: this.settings.get('decorations.reward', uri),
      gutter: this.settings.get('decorations.gutter', uri),
    };
  }
}

function* stepDecorations(
  document: vscode.TextDocument,
  shown: ShownTrace,
  options: Options,
): Generator<[StepStyle, vscode.DecorationOptions]> {
  const { trace } = shown;
  if (!trace.scored) return;
  for (const [index, places] of shown.steps().entries()) {
    const step = trace.stepReward(index);
    if (!step) continue;
    const style = trace.stale ? 'stale' : bandOf(step.reward, options.edges);
    const human = trace.humanLabels.get(index)?.label;
    const text = rewardText({
      reward: step.reward,
      low: step.reward < options.threshold,
      stale: trace.stale,
      ...(human ? { human } : {}),
    });
    for (const [at, place] of places.entries()) {
      const isLast = at === places.length - 1;
      const range = rangeOf(document, place);
      const after = { contentText: text, margin: '0 0 0 0.6em', color: rewardColor(style) };
      yield [
        options.background ? style : 'neutral',
        { range, ...(isLast && options.reward ? { renderOptions: { after } } : {}) },
      ];
    }
  }
}

/** The low steps of the whole document, by their first place. */
function lowRanges(document: vscode.TextDocument, surface: Surface, threshold: number): vscode.Range[] {
  const ranges: vscode.Range[] = [];
  for (const shown of surface.shown) {
    const low = lowSteps(shown.trace, threshold);
    if (low.length === 0) continue;
    const places = shown.steps();
    for (const index of low) {
      const place = places[index]?.[0];
      if (place) ranges.push(rangeOf(document, place));
      if (ranges.length >= MOST_MARKS) return ranges;
    }
  }
  return ranges;
}
