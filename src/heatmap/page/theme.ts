import { type Hex, toHex } from '../colour/oklab';
import type { Theme, ThemeKind } from '../colour/theme';

type Role = Exclude<keyof Theme, 'kind' | 'font'>;

/** Editor colours by role, the first that the theme defines wins, and a last resort for light and dark grounds. */
const ROLES: {
  readonly [R in Role]: { readonly names: readonly string[]; readonly light: Hex; readonly dark: Hex };
} = {
  background: { names: ['--vscode-editor-background'], light: '#ffffff', dark: '#1f1f1f' },
  foreground: {
    names: ['--vscode-foreground', '--vscode-editor-foreground'],
    light: '#3b3b3b',
    dark: '#cccccc',
  },
  muted: { names: ['--vscode-descriptionForeground'], light: '#5f5f5f', dark: '#9d9d9d' },
  line: {
    names: ['--vscode-contrastBorder', '--vscode-editorWidget-border', '--vscode-panel-border'],
    light: '#d4d4d4',
    dark: '#454545',
  },
  focus: {
    // Not the focus border: in most themes that is a blue which a blue cell swallows.
    names: ['--vscode-contrastActiveBorder', '--vscode-editor-foreground', '--vscode-foreground'],
    light: '#1f1f1f',
    dark: '#ffffff',
  },
  selected: { names: ['--vscode-list-activeSelectionBackground'], light: '#e4e6f1', dark: '#04395e' },
  selectedText: { names: ['--vscode-list-activeSelectionForeground'], light: '#000000', dark: '#ffffff' },
  hover: { names: ['--vscode-list-hoverBackground'], light: '#f0f0f0', dark: '#2a2d2e' },
};

/** Reads the editor's theme from the classes and variables that VS Code puts on a webview. */
export function readTheme(): Theme {
  const kind = themeKind();
  const style = getComputedStyle(document.body);
  const ground = kind === 'light' || kind === 'high-contrast-light' ? 'light' : 'dark';
  const mixer = new Mixer();
  const find = (role: Role) => {
    const given = ROLES[role].names
      .map((name) => style.getPropertyValue(name).trim())
      .find((value) => value !== '');
    return given ?? ROLES[role][ground];
  };
  const background = mixer.solid(find('background'), ground === 'light' ? '#ffffff' : '#000000');
  const over = (role: Role) => mixer.solid(find(role), background);
  const selected = over('selected');
  return {
    kind,
    background,
    foreground: over('foreground'),
    muted: over('muted'),
    line: over('line'),
    focus: over('focus'),
    selected,
    selectedText: mixer.solid(find('selectedText'), selected),
    hover: over('hover'),
    font: style.getPropertyValue('--vscode-font-family').trim() || 'system-ui, sans-serif',
  };
}

/** Calls back whenever the editor's theme changes: VS Code then changes the body's classes and the root's variables. */
export function onThemeChange(action: () => void): void {
  const observer = new MutationObserver(action);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-kind'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
}

function themeKind(): ThemeKind {
  const has = (name: string) => document.body.classList.contains(name);
  // A high-contrast light theme also carries the class of high contrast.
  if (has('vscode-high-contrast-light')) return 'high-contrast-light';
  if (has('vscode-high-contrast')) return 'high-contrast';
  return has('vscode-light') ? 'light' : 'dark';
}

/** Lets the browser work out what a CSS colour looks like on a ground: themes use names, alpha and more. */
class Mixer {
  private readonly context: CanvasRenderingContext2D | null;

  constructor() {
    const canvas = document.createElement('canvas');
    canvas.width = 1;
    canvas.height = 1;
    this.context = canvas.getContext('2d', { willReadFrequently: true });
  }

  solid(colour: string, ground: Hex): Hex {
    if (this.context === null) return ground;
    this.context.fillStyle = ground;
    this.context.fillRect(0, 0, 1, 1);
    this.context.fillStyle = colour; // what is not a colour leaves the ground
    this.context.fillRect(0, 0, 1, 1);
    const [r = 0, g = 0, b = 0] = this.context.getImageData(0, 0, 1, 1).data;
    return toHex([r, g, b]);
  }
}
