import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import type { Launched } from '../../../scripts/vscode/launch';
import { LOCAL_CACHE } from '../../../scripts/vscode/paths';
import { eventually } from '../../vscode/eventually';
import { Editor } from './editor';
import { Notifications } from './notifications';
import { descendants, type RunningProcess } from './processes';
import { QuickInput } from './quick-input';
import { RunningSettings, type ThemeKind } from './settings';

export const SCREENSHOTS = path.join(LOCAL_CACHE, 'screenshots');

/** VS Code as a person sees and uses it. Everything that waits does so on its own; plain Playwright is there as `page`. */
export class Ui {
  readonly page: Page;
  readonly quickInput: QuickInput;
  readonly notifications: Notifications;
  readonly settings: RunningSettings;

  constructor(
    private readonly launched: Launched,
    /** The opened folder: a copy that the scenario may change. */
    readonly workspace: string,
    private readonly screenshots = SCREENSHOTS,
  ) {
    this.page = launched.page;
    this.quickInput = new QuickInput(this.page);
    this.notifications = new Notifications(this.page);
    this.settings = new RunningSettings(this.page, launched.profile);
  }

  /** Resolves when the workbench can be used. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.editor').waitFor();
    await this.page.locator('.part.statusbar .statusbar-item').first().waitFor();
  }

  /** Runs the command with exactly this title, from the command palette. */
  async palette(title: string): Promise<void> {
    await this.quickInput.palette(title);
  }

  /** Opens a file of the workspace by Go to File, and waits for its text. */
  async openFile(file: string): Promise<Editor> {
    await this.quickInput.goToFile(file);
    await this.page
      .locator('.editor-group-container.active .tab.active', { hasText: path.basename(file) })
      .waitFor();
    const editor = this.editor(path.basename(file));
    await editor.element.locator('.view-line').first().waitFor();
    return editor;
  }

  /** Closes the active editor, or all of them. What comes next is not closed with it: a slow window does it late. */
  async closeEditor(which: 'active' | 'all' = 'active'): Promise<void> {
    const before = await this.tabs().count();
    await this.palette(which === 'all' ? 'View: Close All Editors' : 'View: Close Editor');
    await eventually(
      () => this.tabs().count(),
      (count) => (which === 'all' ? count === 0 : count < before),
      { what: 'the end of the editor' },
    );
  }

  /** Scrolls to a line (from 1) and puts the cursor there. */
  async goToLine(line: number, column = 1): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+G');
    await this.quickInput.field.fill(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.cursorOnLine(line);
  }

  /** The editor whose address ends with the name, or the active group's. */
  editor(name?: string): Editor {
    const selector =
      name === undefined
        ? '.editor-group-container.active .editor-instance .monaco-editor'
        : `.editor-instance .monaco-editor[data-uri$="${encodeURIComponent(name)}"]`;
    return new Editor(this.page, this.page.locator(selector).first());
  }

  /** Opens the Problems panel; its rows are files and, below them, diagnostics. */
  async problems(): Promise<Locator> {
    const rows = this.page.locator('.markers-panel .monaco-list-row');
    if (!(await this.page.locator('.markers-panel').isVisible())) {
      await this.palette('Problems: Focus on Problems View');
    }
    await rows.first().waitFor();
    return rows;
  }

  /** Items of the status bar, or those that contain the text. */
  statusBar(text?: string | RegExp): Locator {
    const items = this.page.locator('.part.statusbar .statusbar-item:visible');
    return text === undefined ? items : items.filter({ hasText: text });
  }

  /** What the braces in the status bar say of the active file. */
  async languageStatus(): Promise<string> {
    const item = this.page.locator('[id="status.languageStatus"]');
    return (await item.count()) > 0 ? ((await item.getAttribute('aria-label')) ?? '') : '';
  }

  /** Where the cursor is, read from the status bar. */
  async cursor(): Promise<{ readonly line: number; readonly column: number }> {
    const text = (await this.statusBar(/Ln \d+, Col \d+/).textContent()) ?? '';
    const [, line, column] = /Ln (\d+), Col (\d+)/.exec(text) ?? [];
    return { line: Number(line), column: Number(column) };
  }

  /** Waits until the cursor is on the line (from 1). */
  async cursorOnLine(line: number): Promise<void> {
    const what = `the cursor on line ${line}`;
    await eventually(
      () => this.cursor(),
      (cursor) => cursor.line === line,
      { what },
    );
  }

  /** Opens a view of the activity bar by its name, and returns its rows. */
  async sideBar(name: string): Promise<Locator> {
    const side = this.page.locator('.part.sidebar');
    const tab = this.page.locator('.part.activitybar').getByRole('tab', { name });
    if ((await tab.getAttribute('aria-selected')) !== 'true') {
      await tab.click();
    }
    const rows = side.locator('.monaco-list-row');
    await rows.first().waitFor();
    return rows;
  }

  /** What an extension's page holds: the nth webview on the screen. */
  webview(nth = 0): FrameLocator {
    return this.page
      .locator('iframe.webview.ready:visible')
      .nth(nth)
      .contentFrame()
      .frameLocator('iframe#active-frame');
  }

  /** Titles of the open tabs. */
  tabs(title?: string): Locator {
    const tabs = this.page.locator('.tabs-container .tab');
    return title === undefined ? tabs : tabs.filter({ hasText: title });
  }

  theme(kind: ThemeKind): Promise<void> {
    return this.settings.theme(kind);
  }

  /** Processes under VS Code's server: the extension host and what extensions started. */
  processes(): Promise<RunningProcess[]> {
    return descendants(this.launched.server.pid);
  }

  /** Takes all notifications off the screen, before a picture. */
  async clearNotifications(): Promise<void> {
    await this.palette('Notifications: Clear All Notifications');
    await this.notifications.items().first().waitFor({ state: 'hidden' });
  }

  /** Saves a picture of the window, or of a part of it; returns the file. */
  async screenshot(name: string, part?: Locator): Promise<string> {
    await mkdir(this.screenshots, { recursive: true });
    const file = path.join(this.screenshots, `${name}.png`);
    await (part ?? this.page).screenshot({ path: file, animations: 'disabled', caret: 'hide' } as const);
    return file;
  }

  /** Closes what a failed scenario may have left open. */
  async calmDown(): Promise<void> {
    for (let press = 0; press < 3; press += 1) {
      await this.page.keyboard.press('Escape');
    }
  }
}
