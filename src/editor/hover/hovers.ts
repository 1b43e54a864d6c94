import * as vscode from 'vscode';
import { Disposable } from '../disposable';
import type { Settings } from '../settings';
import { rangeOf, type Surfaces } from '../surfaces';
import { targetOf } from '../targets';
import { HOVER_COMMANDS, hoverText } from './hover-text';
import type { TrendTheme } from './trend';

/** What a step's reward is made of, under the mouse. */
export class Hovers extends Disposable implements vscode.HoverProvider {
  constructor(
    private readonly surfaces: Surfaces,
    private readonly settings: Settings,
  ) {
    super();
    this._register(vscode.languages.registerHoverProvider({ pattern: '**' }, this));
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const place = this.surfaces.at(document, position);
    if (place?.step === undefined) return undefined;
    const { surface, shown, step } = place;
    const { source } = surface;
    const text = hoverText({
      trace: shown.trace,
      step,
      target: targetOf(source, shown.trace, step),
      threshold: this.settings.get('lowThreshold', source.uri),
      theme: themeKind(),
    });
    const markdown = new vscode.MarkdownString(text);
    markdown.isTrusted = { enabledCommands: HOVER_COMMANDS };
    const offset = document.offsetAt(position);
    const own = shown.steps()[step]?.find((stretch) => stretch.start <= offset && offset <= stretch.end);
    return new vscode.Hover(markdown, own && rangeOf(document, own));
  }
}

function themeKind(): TrendTheme {
  switch (vscode.window.activeColorTheme.kind) {
    case vscode.ColorThemeKind.Light:
      return 'light';
    case vscode.ColorThemeKind.HighContrast:
      return 'high-contrast';
    case vscode.ColorThemeKind.HighContrastLight:
      return 'high-contrast-light';
    default:
      return 'dark';
  }
}
