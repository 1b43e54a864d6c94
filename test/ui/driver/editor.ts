import type { Locator, Page } from 'playwright-core';
import { eventually } from '../../vscode/eventually';
import type { Background, InlineText } from '../page/decorations';
import type { ViewLine } from '../page/lines';

/** How long what a lens leads to is waited for at first, in ms. */
const FIRST_WAIT_MS = 4000;

/**
 * A text editor on the screen. What is read is what a person sees: only lines that are scrolled into view, and long
 * lines as far as they are drawn.
 */
export class Editor {
  constructor(
    private readonly page: Page,
    /** The `.monaco-editor` element. */
    readonly element: Locator,
  ) {}

  /** The visible rows, from the top. A wrapped line has several, of which only the first has a number. */
  lines(): Promise<ViewLine[]> {
    return this.element.evaluate((editor) => uiPage.readLines(editor));
  }

  /** Texts that decorations add before or after the document's own (`+0.42`). */
  inlineTexts(): Promise<InlineText[]> {
    return this.element.evaluate((editor) => uiPage.readInlineTexts(editor));
  }

  /** Waits for an added text that matches and returns all of them. */
  waitForInlineText(pattern: RegExp): Promise<InlineText[]> {
    return eventually(
      () => this.inlineTexts(),
      (texts) => texts.some(({ text }) => pattern.test(text)),
      { what: `a decoration with ${pattern}` },
    );
  }

  /** Backgrounds that decorations paint, as CSS colours, with the line they are on. */
  backgrounds(): Promise<Background[]> {
    return this.element.evaluate((editor) => uiPage.readBackgrounds(editor));
  }

  /** Numbers of the lines with an icon in the gutter. */
  gutterIcons(): Promise<number[]> {
    return this.element.evaluate((editor) => uiPage.readGutter(editor));
  }

  /** Number of the line that the cursor is on, also where the keyboard is elsewhere; undefined where it is not in view. */
  async activeLine(): Promise<number | undefined> {
    const [text] = await this.element.locator('.line-numbers.active-line-number').allTextContents();
    return text === undefined ? undefined : Number(text);
  }

  /** Underlines of diagnostics. */
  squiggles(severity: 'error' | 'warning' | 'info' | 'hint'): Locator {
    return this.element.locator(`.squiggly-${severity}`);
  }

  /** CodeLenses, or those that contain the text. */
  lenses(text?: string | RegExp): Locator {
    const links = this.element.locator('.codelens-decoration > a, .codelens-decoration > span');
    return text === undefined ? links : links.filter({ hasText: text });
  }

  /**
   * Runs a lens, and waits until what it leads to is there. Lenses are drawn anew while rewards and labels arrive, and
   * a click that falls between two drawings meets nothing: it is made again, after a longer wait each time.
   */
  async follow(lens: Locator, isThere: () => Promise<boolean>): Promise<void> {
    let timeout = FIRST_WAIT_MS;
    const click = async () => {
      await lens.click({ timeout }).catch(() => undefined); // gone: the click before has led there, late
      const there = await eventually(isThere, Boolean, { timeout }).catch(() => false);
      timeout *= 2;
      return there;
    };
    await eventually(click, Boolean, { what: `what ${lens} leads to` });
  }

  /**
   * Rests the mouse on the text's first occurrence, and returns the hover's text once it matches. A mouse that rests
   * where a row has just moved away from it brings no hover: then it is moved again.
   */
  async hover(text: string, expected = /\S/): Promise<string> {
    const shown = async () => (await this.hovers().allInnerTexts()).join('\n');
    const matches = (found: string) => expected.test(found);
    const rest = async () => {
      const { x, y } = await this.pointOf(text);
      await this.page.mouse.move(x - 3, y); // a hover starts with a movement
      await this.page.mouse.move(x, y);
      return eventually(shown, matches, { timeout: 5000 }).catch(shown);
    };
    return eventually(rest, matches, { what: `a hover with ${expected} on "${text}"` });
  }

  /** What the hover on the screen holds, to click links in it. */
  hovers(): Locator {
    return this.page.locator(
      '.monaco-hover:not(.hidden) .hover-contents:visible, .monaco-resizable-hover .hover-contents:visible',
    );
  }

  /** Puts the cursor into the text. Rows move when lenses come and go: a click that met another row is made again. */
  async click(text: string): Promise<void> {
    const isThere = () => this.element.evaluate((editor, wanted) => uiPage.hasCursorAt(editor, wanted), text);
    const click = async () => {
      const { x, y } = await this.pointOf(text);
      await this.page.mouse.click(x, y);
      return eventually(isThere, (there) => there, { timeout: 2000 }).catch(() => false);
    };
    await eventually(click, (there) => there, { what: `the cursor in "${text}"` });
  }

  /** Types at the cursor, in the focused editor. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text);
  }

  /** The middle of the text's first occurrence on the screen, waiting until it is shown. */
  private pointOf(text: string): Promise<{ readonly x: number; readonly y: number }> {
    const find = () => this.element.evaluate((editor, wanted) => uiPage.locateText(editor, wanted), text);
    const what = `"${text}" in the editor`;
    return eventually(find, (point) => point !== undefined, { what });
  }
}
