import assert from 'node:assert/strict';
import { defineScenarios, eventually, type ThemeKind, type Ui } from './driver';
import { firstExamples, WRAPPED, waitForStatus } from './steplens';

const FILE = 'four.jsonl';
/** The pictures of the walkthrough's steps. */
const WALKTHROUGH = ['open', 'read', 'heatmap', 'label'];

/** Relative luminance (WCAG 2.2) of a CSS colour. */
function luminance(css: string): number {
  const [red = 0, green = 0, blue = 0] = (css.match(/[\d.]+/g) ?? []).slice(0, 3).map((part) => {
    const share = Number(part) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

/** Rewards and their frames can be read in the theme; a picture is left of the editor and of the heatmap. */
async function look(ui: Ui, kind: ThemeKind, least: number): Promise<void> {
  await ui.theme(kind);
  const background = await ui
    .editor(FILE)
    .element.locator('.monaco-editor-background')
    .first()
    .evaluate((element) => getComputedStyle(element).backgroundColor);
  const texts = await eventually(
    () => ui.editor(FILE).inlineTexts(),
    (all) => all.length >= 16 && all.every(({ color }) => contrast(color, background) >= least),
    { what: `rewards with a contrast of ${least} to ${background}` },
  );
  const colours = new Set(texts.map(({ color }) => color));
  assert.equal(colours.size, 3, [...colours].join(' ')); // loss, nothing much, gain
  await eventually(
    () =>
      ui
        .editor(FILE)
        .lenses(/^.?(Scoring|Waiting)/)
        .count(),
    (count) => count === 0,
    { what: 'no lens that still waits' },
  );
  const canvas = ui.webview().locator('canvas');
  await canvas.waitFor();
  await ui.screenshot(`looks-${kind.replaceAll(' ', '-')}`);
}

export default defineScenarios(
  {
    files: { [FILE]: firstExamples(4) },
    open: FILE,
    settings: { ...WRAPPED, 'steplens.scoreOnOpen': 'all' },
    viewport: { width: 1500, height: 860 },
  },
  {
    async 'rewards can be read in the dark theme'(ui) {
      await waitForStatus(ui, /· scored/);
      await ui.palette('Steplens: Open Heatmap');
      await ui.webview().locator('.counts').waitFor();
      await look(ui, 'dark', 4.5);
    },

    async 'rewards can be read in the light theme'(ui) {
      await look(ui, 'light', 4.5);
    },

    async 'rewards can be read in high contrast, with frames in place of backgrounds'(ui) {
      await look(ui, 'high contrast dark', 7);
      assert.deepEqual(await ui.editor(FILE).backgrounds(), []);
      await look(ui, 'high contrast light', 7);
      await ui.theme('dark');
    },

    async 'the walkthrough opens, with a picture at each of its four steps'(ui) {
      await ui.closeEditor('all');
      await ui.palette('Steplens: Open Walkthrough');
      const steps = ui.page.locator('.getting-started-step');
      await eventually(
        () => steps.count(),
        (count) => count === 4,
        { what: 'four steps' },
      );
      for (let at = 0; at < 4; at += 1) {
        await steps.nth(at).click();
        const picture = ui.webview().locator(`img[src*="${WALKTHROUGH[at]}.png"]`);
        await eventually(
          () =>
            picture
              .evaluateAll((all) =>
                all.map((img) => (img instanceof HTMLImageElement ? img.naturalWidth : 0)),
              )
              .catch(() => []), // each step's page takes the place of the one before
          ([width]) => (width ?? 0) > 100,
          { what: `the picture of step ${at + 1}` },
        );
        await ui.screenshot(`looks-walkthrough-${at + 1}`);
      }
    },

    async 'the examples open from the walkthrough, from the package itself'(ui) {
      await ui.page.locator('.getting-started-step').first().click();
      await ui.page.getByRole('button', { name: 'Open Examples' }).click();
      await ui.tabs('traces.jsonl').waitFor();
      assert.match(await waitForStatus(ui, /12 traces/), /Steplens JSON lines/);
    },
  },
);
