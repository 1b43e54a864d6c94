import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { PATIENCE_MS } from '../../../scripts/vscode/patience';
import { eventually } from '../../vscode/eventually';

/** How long the widget is waited for at first, in ms; each further time twice as long. */
const FIRST_WAIT_MS = 2500;

/** The command palette, quick picks and input boxes: VS Code shows all of them in one widget. */
export class QuickInput {
  private readonly widget: Locator;

  constructor(private readonly page: Page) {
    this.widget = page.locator('.quick-input-widget');
  }

  /** The text field. */
  get field(): Locator {
    return this.widget.locator('.quick-input-box input').first();
  }

  /** The rows of a pick, or those whose label is exactly the text. */
  rows(label?: string): Locator {
    const rows = this.widget.locator('.monaco-list-row');
    return label === undefined
      ? rows
      : rows.filter({ has: this.page.locator('.label-name').getByText(label, { exact: true }) });
  }

  /** The visible rows' labels. */
  async labels(): Promise<string[]> {
    await this.rows().first().waitFor();
    return this.rows().locator('.label-name').allInnerTexts();
  }

  /** Runs the command with exactly this title (`Category: Title`). */
  palette(title: string): Promise<void> {
    return this.choose('F1', `>${title}`, title);
  }

  /** Opens a file of the workspace by Go to File. */
  goToFile(file: string): Promise<void> {
    return this.choose('ControlOrMeta+P', file, path.basename(file));
  }

  /**
   * Opens the widget by its key, fills it in and takes the row. What it lists is of the moment it opened, and an editor that
   * is still being restored takes the keyboard and closes it: so it is opened again until the row is there.
   */
  private async choose(key: string, value: string, label: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    for (let timeout = FIRST_WAIT_MS; ; timeout *= 2) {
      const row = this.rows(label).first();
      try {
        await this.page.keyboard.press(key);
        await this.field.waitFor({ timeout });
        await this.field.fill(value, { timeout });
        await row.waitFor({ timeout });
        await this.accept(row, timeout);
      } catch (error) {
        await this.leaveWebview();
        await this.dismiss();
        if (Date.now() > deadline) {
          throw new Error(`No "${label}" was listed`, { cause: error });
        }
        continue;
      }
      await this.left(value);
      return;
    }
  }

  /** A webview that is still being loaded swallows keys. */
  private async leaveWebview(): Promise<void> {
    await this.page.evaluate(() => {
      const { activeElement } = document;
      if (activeElement instanceof HTMLIFrameElement) {
        activeElement.blur();
      }
    });
  }

  /** By the keyboard where it can be: a click leaves the mouse over the editor, where it opens hovers. */
  private async accept(row: Locator, timeout = PATIENCE_MS): Promise<void> {
    if ((await row.getAttribute('class', { timeout }))?.split(' ').includes('focused')) {
      await this.page.keyboard.press('Enter');
    } else {
      await row.click({ timeout });
    }
  }

  /** Waits until the list is gone; a command may already show a pick of its own in the same place. */
  private async left(value: string): Promise<void> {
    const field = this.field;
    const there = async () =>
      (await field.isVisible()) && (await field.inputValue({ timeout: 1000 }).catch(() => '')) === value;
    await eventually(there, (open) => !open, { what: 'the list to close' });
  }

  /** Chooses a row of the open pick, by its exact label. */
  async pick(label: string): Promise<void> {
    await this.rows().first().waitFor();
    await this.field.fill(label); // long lists are drawn in part only
    await this.accept(this.rows(label).first());
  }

  /** Fills an input box, open or about to open, and accepts it. */
  async answer(text: string): Promise<void> {
    await this.rows().first().waitFor({ state: 'hidden' }); // a pick before it is gone
    await this.field.waitFor();
    await this.field.fill(text);
    await this.page.keyboard.press('Enter');
  }

  async dismiss(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.widget.first().waitFor({ state: 'hidden' });
  }
}
