import type { Page } from 'playwright-core';
import { type Profile, type Settings, writeMachineSettings } from '../../../scripts/vscode/profile';

/** VS Code's built-in themes, one of each kind, and the class that the workbench has in it. */
const THEMES = {
  dark: { name: 'Dark Modern', css: 'vs-dark' },
  light: { name: 'Light Modern', css: 'vs' },
  'high contrast dark': { name: 'Default High Contrast', css: 'hc-black' },
  'high contrast light': { name: 'Default High Contrast Light', css: 'hc-light' },
} as const;

export type ThemeKind = keyof typeof THEMES;

/** Settings of a running VS Code, changed by editing its settings file on the server. */
export class RunningSettings {
  private current: Settings = {};

  constructor(
    private readonly page: Page,
    private readonly profile: Profile,
  ) {}

  /**
   * Changes some settings, keeping the others. VS Code takes them up a moment later. Settings of scope `application`
   * cannot be changed so; they are given at the start.
   */
  async set(changes: Settings): Promise<void> {
    this.current = { ...this.current, ...changes };
    await writeMachineSettings(this.profile, this.current);
  }

  /** Switches to a theme of the kind and waits until it is shown. */
  async theme(kind: ThemeKind): Promise<void> {
    const { name, css } = THEMES[kind];
    await this.set({ 'workbench.colorTheme': name });
    await this.page.locator(`.monaco-workbench.${css}`).waitFor();
  }
}
