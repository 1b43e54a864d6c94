import * as vscode from 'vscode';
import { Disposable } from '../disposable';
import { BANDS, type Band } from '../present';

/** How a step is shown: by the band of its reward, or as outdated. */
export type StepStyle = Band | 'stale';

const color = (name: string) => new vscode.ThemeColor(`steplens.${name}`);

/**
 * The decoration types, made once. In high contrast a band is told by its frame, as backgrounds would cost contrast; the
 * other themes' frames are transparent.
 */
export class DecorationTypes extends Disposable {
  readonly steps = new Map<StepStyle, vscode.TextEditorDecorationType>();
  /** An icon beside lines with a low step. */
  readonly gutter: vscode.TextEditorDecorationType;
  /** A mark on the scroll bar for low steps. */
  readonly ruler: vscode.TextEditorDecorationType;

  constructor(media: vscode.Uri) {
    super();
    for (const band of BANDS) this.steps.set(band, this.make(bandStyle(band)));
    this.steps.set(
      'stale',
      this.make({ borderStyle: 'dashed', borderWidth: '0 0 1px 0', borderColor: color('staleForeground') }),
    );
    this.gutter = this.make({
      light: { gutterIconPath: vscode.Uri.joinPath(media, 'low-light.svg') },
      dark: { gutterIconPath: vscode.Uri.joinPath(media, 'low-dark.svg') },
      gutterIconSize: '80%',
    });
    this.ruler = this.make({
      overviewRulerColor: color('lowRulerForeground'),
      overviewRulerLane: vscode.OverviewRulerLane.Right,
    });
  }

  private make(options: vscode.DecorationRenderOptions): vscode.TextEditorDecorationType {
    return this._register(
      vscode.window.createTextEditorDecorationType({
        rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
        ...options,
      }),
    );
  }
}

function bandStyle(band: Band): vscode.DecorationRenderOptions {
  const background = { backgroundColor: color(`${band}Background`), borderRadius: '3px' };
  if (band === 'neutral') return background;
  const strong = band.startsWith('strong');
  return {
    ...background,
    borderWidth: '1px',
    borderStyle: strong ? 'solid' : 'dotted',
    borderColor: color(`${band}Border`),
  };
}

/** Colour of the number after a step. */
export function rewardColor(style: StepStyle): vscode.ThemeColor {
  if (style === 'stale' || style === 'neutral') return color(`${style}Foreground`);
  return color(style === 'loss' || style === 'strongLoss' ? 'lossForeground' : 'gainForeground');
}
