import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import sharp from 'sharp';
import { REPO } from '../../scripts/vscode/paths';
import { defineScenarios, type Ui } from './driver';
import { cellAt } from './heatmap-cell';
import { waitForStatus } from './steplens';

/*
 * The pictures of the README, the documentation and the walkthrough, taken from the packaged extension on the examples,
 * with the bundled model and the method as it comes. `npm run pictures` writes them over the old ones.
 */

const MOST_BYTES = 300_000;

const THEMES = [
  ['dark', ''],
  ['light', '-light'],
  ['high contrast dark', '-high-contrast'],
] as const;

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Saves a picture of the window, or an area of it, under a path relative to the repository. */
async function take(ui: Ui, file: string, clip?: Area): Promise<void> {
  const to = path.join(REPO, file);
  await mkdir(path.dirname(to), { recursive: true });
  const picture = await ui.page.screenshot({
    animations: 'disabled',
    caret: 'hide',
    ...(clip ? { clip } : {}),
  });
  // With a palette in place of a full colour for each pixel it looks the same, at a third of the size.
  const small = await sharp(picture).png({ palette: true, effort: 10 }).toBuffer();
  if (small.length > MOST_BYTES) {
    throw new Error(
      `${file} has ${small.length} bytes, and ${MOST_BYTES} is the most that a picture may have`,
    );
  }
  await writeFile(to, small);
}

async function boxOf(element: Locator): Promise<Area> {
  const box = await element.boundingBox();
  if (!box) {
    throw new Error(`not on the screen: ${element}`);
  }
  return box;
}

/** The window's part with the editors. */
const editors = (ui: Ui): Promise<Area> => boxOf(ui.page.locator('.part.editor'));

/** Puts the mouse where it opens nothing, and waits until the window is at rest. */
async function rest(ui: Ui): Promise<void> {
  await ui.page.mouse.move(5, 300);
  await ui.page.waitForTimeout(1500);
}

/** Moves the border to the right of a part of the window. */
async function dragBorder(ui: Ui, part: Locator, by: number): Promise<void> {
  const { x, width } = await boxOf(part);
  const from = x + width + 1;
  await ui.page.mouse.move(from, 300);
  await ui.page.waitForTimeout(500);
  await ui.page.mouse.down();
  await ui.page.mouse.move(from + by, 300, { steps: 5 });
  await ui.page.mouse.up();
}

export default defineScenarios(
  {
    open: 'traces.jsonl',
    settings: {
      'steplens.scoreOnOpen': 'all',
      // Rewards are no part of what the editor wraps: room is left for them.
      'editor.wordWrap': 'wordWrapColumn',
      'editor.wordWrapColumn': 64,
      'editor.occurrencesHighlight': 'off',
      'editor.renderLineHighlight': 'none',
      'editor.guides.bracketPairs': false,
      'editor.matchBrackets': 'never',
      'editor.lightbulb.enabled': 'off',
      'editor.scrollbar.horizontal': 'hidden',
      'breadcrumbs.enabled': false,
      'window.commandCenter': false,
      'workbench.layoutControl.enabled': false,
    },
    viewport: { width: 1120, height: 640, scale: 2 },
  },
  {
    async 'the editor, with the traces in the side bar'(ui) {
      await waitForStatus(ui, /· scored/);
      await ui.sideBar('Steplens');
      await dragBorder(ui, ui.page.locator('.part.sidebar'), 20);
      await rest(ui);
      await take(ui, 'docs/images/editor.png');
      await ui.page.keyboard.press('ControlOrMeta+B');
      await rest(ui);
      const { x, y } = await editors(ui);
      await take(ui, 'media/walkthrough/open.png', { x, y, width: 840, height: 440 });
    },

    async problems(ui) {
      await ui.problems();
      await rest(ui);
      await take(ui, 'docs/images/problems.png');
      await ui.palette('View: Hide Panel');
    },

    async 'the readable view, and a hover in it'(ui) {
      const lens = ui.editor().lenses('Readable view').nth(1);
      await ui.editor().follow(lens, () => ui.tabs('bakery-wrong.steplens').isVisible());
      await ui.page.setViewportSize({ width: 920, height: 640 }); // the view's text is as wide as the window
      for (const [kind, name] of THEMES) {
        await ui.theme(kind);
        await rest(ui);
        await take(ui, `docs/images/readable${name}.png`, await editors(ui));
      }
      await ui.theme('dark');
      await ui.settings.set({ 'steplens.diagnostics.severity': 'off' }); // else the problem comes first in the hover
      await rest(ui);
      await ui.editor().hover('That is more than', /Step 4/);
      await ui.page.waitForTimeout(1500);
      const { x, y, width, height } = await boxOf(ui.editor().hovers().first());
      await take(ui, 'media/walkthrough/read.png', {
        x: x - 34,
        y: y - 2,
        width: width + 270,
        height: height + 80,
      });
      await ui.page.keyboard.press('Escape');
      await ui.settings.set({ 'steplens.diagnostics.severity': 'information' });
      await ui.closeEditor();
    },

    async 'the heatmap'(ui) {
      await ui.page.setViewportSize({ width: 1400, height: 640 });
      await ui.palette('Steplens: Open Heatmap');
      await ui.webview().locator('.grid').waitFor();
      await ui.page.waitForTimeout(1500);
      const { grid, position } = await cellAt(ui, 3, 2);
      await grid.hover({ position });
      await ui.page.waitForTimeout(1500);
      await take(ui, 'media/walkthrough/heatmap.png', await editors(ui));
    },

    async 'a labelled file'(ui) {
      await ui.palette('View: Focus First Editor Group');
      await ui.palette('View: Close Editors in Other Groups');
      await ui.palette('Steplens: Label File');
      await ui.notifications.waitFor(/are labelled/);
      await rest(ui);
      await take(ui, 'media/walkthrough/label.png', await editors(ui));
    },
  },
);
