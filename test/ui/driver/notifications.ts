import type { Locator, Page } from 'playwright-core';
import { eventually } from '../../vscode/eventually';

/** The notifications at the bottom right, progress among them. */
export class Notifications {
  constructor(private readonly page: Page) {}

  /** Those on the screen, or those that contain the text. */
  items(text?: string | RegExp): Locator {
    const items = this.page.locator('.notifications-toasts .notification-list-item');
    return text === undefined ? items : items.filter({ hasText: text });
  }

  texts(): Promise<string[]> {
    return this.items().locator('.notification-list-item-message').allInnerTexts();
  }

  /** Waits for one whose message matches, for up to three minutes; returns the message. */
  async waitFor(pattern: RegExp): Promise<string> {
    const matching = (texts: readonly string[]) => texts.find((text) => pattern.test(text));
    const texts = await eventually(
      () => this.texts(),
      (all) => matching(all) !== undefined,
      { what: `a notification with ${pattern}` },
    );
    return matching(texts) ?? '';
  }

  /** Presses a button of the notification that contains the text. */
  async press(text: string | RegExp, button: string): Promise<void> {
    await this.items(text).getByRole('button', { name: button, exact: true }).first().click();
  }
}
