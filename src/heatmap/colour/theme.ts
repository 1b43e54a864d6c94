import type { Hex } from './oklab';

export const THEME_KINDS = ['light', 'dark', 'high-contrast', 'high-contrast-light'] as const;
export type ThemeKind = (typeof THEME_KINDS)[number];

/** Everything that the drawing takes from the editor's theme, as solid colours. */
export interface Theme {
  readonly kind: ThemeKind;
  readonly background: Hex;
  readonly foreground: Hex;
  /** Secondary text. */
  readonly muted: Hex;
  /** Hairlines; in high contrast the contrast border. */
  readonly line: Hex;
  /** The frame of the active cell. */
  readonly focus: Hex;
  /** Behind the active row's label. */
  readonly selected: Hex;
  readonly selectedText: Hex;
  /** Behind the label of the row under the pointer. */
  readonly hover: Hex;
  /** CSS font family list. */
  readonly font: string;
}

/** In high contrast every cell has a frame, as neighbouring bands need not be told apart by their fill alone. */
export const isHighContrast = (theme: Theme): boolean => theme.kind.startsWith('high-contrast');

/** The three colours that a scale runs through: strong loss, none, strong gain. */
export interface Diverging {
  readonly low: Hex;
  readonly neutral: Hex;
  readonly high: Hex;
}

/**
 * Orange for losses and blue for gains, which all common kinds of colour blindness tell apart. On a light ground the
 * scale runs through a pale neutral to dark ends, on a dark ground through a dark neutral to bright ends, so that the
 * strength of a reward can also be read without any hue.
 */
export const DIVERGING: { readonly [K in ThemeKind]: Diverging } = {
  light: { low: '#a34400', neutral: '#eceae6', high: '#0a56a8' },
  dark: { low: '#ff9f45', neutral: '#3a3d42', high: '#55b0ff' },
  'high-contrast': { low: '#ffb03b', neutral: '#1c1c1c', high: '#5fc4ff' },
  'high-contrast-light': { low: '#8a3500', neutral: '#f4f4f4', high: '#00408f' },
};
