import * as vscode from 'vscode';
import { Disposable } from '../disposable';
import type { Stretch } from '../document/surface';
import { rangeOf } from '../surfaces';
import type { ReadableViews } from './readable-views';

/** How a readable view's headings and notes look. */
export class ReadableStyle extends Disposable {
  private readonly heading = this._register(
    vscode.window.createTextEditorDecorationType({
      fontWeight: 'bold',
      color: new vscode.ThemeColor('textLink.foreground'),
    }),
  );
  private readonly aside = this._register(
    vscode.window.createTextEditorDecorationType({ color: new vscode.ThemeColor('descriptionForeground') }),
  );

  constructor(private readonly views: ReadableViews) {
    super();
    this._register(views.onDidShow(() => this.draw()));
    this._register(vscode.window.onDidChangeVisibleTextEditors(() => this.draw()));
  }

  private draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const layout = this.views.get(editor.document)?.layout;
      if (!layout) continue;
      const ranges = (stretches: readonly Stretch[]) => stretches.map((s) => rangeOf(editor.document, s));
      editor.setDecorations(this.heading, ranges(layout.headings));
      editor.setDecorations(this.aside, ranges(layout.asides));
    }
  }
}
