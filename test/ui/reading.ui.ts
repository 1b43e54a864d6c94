import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { TREND_SIZE } from '../../src/editor/hover/trend';
import { defineScenarios, eventually, type Ui } from './driver';
import { EXAMPLES, isLow, REWARD, scoreByCommand, WRAPPED, waitForStatus, written } from './steplens';

const FILE = 'traces.jsonl';
/** So many traces are surely in the window, and so scored unasked. */
const IN_VIEW = 3;
/** Among so many traces some steps are low by far, however a processor rounds. */
const WITH_LOW_STEPS = 4;

let known: ReturnType<typeof scoreByCommand> | undefined;

/** What the command line computes for the file, once. */
function scores(ui: Ui): ReturnType<typeof scoreByCommand> {
  known ??= scoreByCommand(path.join(ui.workspace, FILE));
  return known;
}

/** The rewards on the screen, from the top, once there are so many and none is outdated. */
async function rewards(ui: Ui, count: number): Promise<string[]> {
  const texts = await eventually(
    async () => (await ui.editor().inlineTexts()).map(({ text }) => text),
    (all) => all.slice(0, count).filter((text) => REWARD.test(text)).length === count,
    { what: `${count} rewards` },
  );
  return texts;
}

async function toTop(ui: Ui): Promise<void> {
  await ui.openFile(FILE);
  await ui.page.keyboard.press('ControlOrMeta+Home');
  await ui.cursorOnLine(1);
}

export default defineScenarios(
  { open: FILE, settings: WRAPPED },
  {
    async 'a file that is opened shows the rewards that the command line computes'(ui) {
      const traces = (await scores(ui)).slice(0, IN_VIEW);
      const expected = traces.flatMap(({ steps }) => steps.map(({ reward }) => written(reward)));
      assert.ok(expected.some((text) => text.includes('▼')) && expected.some((text) => text.startsWith('+')));
      assert.deepEqual((await rewards(ui, expected.length)).slice(0, expected.length), expected);
      const low = traces.flatMap(({ steps }, row) => (steps.some(isLow) ? [row + 1] : []));
      await eventually(
        async () => (await ui.editor().gutterIcons()).filter((line) => line <= IN_VIEW),
        (icons) => icons.join() === low.join(),
        { what: `icons beside the lines ${low.join()}` },
      );
    },

    async 'losses and gains differ in colour, and in more than colour'(ui) {
      const texts = await ui.editor().inlineTexts();
      const colours = (of: (text: string) => boolean) => [
        ...new Set(texts.filter(({ text }) => of(text)).map(({ color }) => color)),
      ];
      const [loss, gain] = [
        colours((text) => text.endsWith('▼')),
        colours((text) => /^\+0\.[5-9]|^\+1/.test(text)),
      ];
      assert.equal(loss.length, 1);
      assert.equal(gain.length, 1);
      assert.notDeepEqual(loss, gain);
      // A step of little loss stands only in a trace after those that are waited for so far.
      await eventually(
        async () => new Set((await ui.editor().backgrounds()).map(({ color }) => color)),
        ({ size }) => size >= 3,
        { what: 'three backgrounds' },
      );
    },

    async 'the status says what the file is'(ui) {
      assert.match(await waitForStatus(ui, /scored/), /12 traces · Steplens JSON lines · \d+ scored/);
    },

    async 'lenses say the gold answer and the outcome, and lead to the lowest step'(ui) {
      const [, second] = await scores(ui);
      // Lenses follow the rewards a little later.
      const lenses = await eventually(
        async () => (await ui.editor().lenses(/\S/).allInnerTexts()).filter((text) => text.trim() !== '|'),
        (texts) => texts[0] === 'Score again' && texts[5] === 'Score again',
        { what: 'the lenses of two scored traces' },
      );
      assert.deepEqual(lenses.slice(0, 3), ['Score again', 'Readable view', 'Gold: 33']);
      assert.match(lenses[4] ?? '', /Right answer/);
      assert.match(lenses[9] ?? '', /Wrong answer: 42/);
      const lowest = Math.min(...(second?.steps.map(({ reward }) => reward) ?? []));
      const title = `, ${written(lowest).replace(' ▼', '')}`;
      const lens = ui
        .editor()
        .lenses(/^Lowest/)
        .filter({ hasText: title });
      await ui.editor().follow(lens.first(), async () => (await ui.editor().activeLine()) === 2);
      const text = second?.steps.find(({ reward }) => reward === lowest)?.text ?? '';
      const source = (await readFile(path.join(ui.workspace, FILE), 'utf8')).split('\n')[1] ?? '';
      assert.equal((await ui.cursor()).column, source.indexOf(text) + 1);
    },

    async 'a hover says what a reward is made of, and its links work'(ui) {
      const [first] = await scores(ui);
      const hover = await ui.editor().hover('12 * 18', /Step/);
      const [number, low] = written(first?.steps[0]?.reward ?? 0).split(' ');
      assert.ok(hover.includes(`Step 1 of 4 · reward ${number}${low ? ' ▼ low' : ''} · gold answer`), hover);
      assert.match(hover, /gold answer 33\s+[+−]?\d\.\d\d/);
      assert.match(hover, /wrong 42, another solution\s+[+−]?\d\.\d\d/);
      assert.match(hover, /SmolLM2-135M-Instruct \([0-9a-f]{8}\) · lasting, K = 1, M = 4/);
      const trend = ui.editor().hovers().locator('img');
      assert.equal(
        await trend.evaluate((img) => (img instanceof HTMLImageElement ? img.naturalWidth : 0)),
        TREND_SIZE.width,
      );
      await ui.screenshot('reading-hover');
      await ui.editor().hovers().getByText('What does this mean?').click();
      await ui.tabs('rewards.md').waitFor();
      await ui.closeEditor();
    },

    async 'low steps are listed as problems, and lead to their places and to what rewards mean'(ui) {
      await toTop(ui);
      const low = (await scores(ui)).slice(0, IN_VIEW).flatMap(({ steps }) => steps.filter(isLow));
      const rows = await ui.problems();
      const texts = await eventually(
        async () => (await rows.allInnerTexts()).filter((text) => text.includes('low-step')),
        (all) => all.length >= low.length,
        { what: 'a problem for each low step' },
      );
      for (const [at, { reward }] of low.entries()) {
        assert.ok(texts[at]?.includes(written(reward).replace(' ▼', '')), `${texts[at]} of ${reward}`);
      }
      assert.match(texts[0] ?? '', /^First likely error: step \d has the reward/);
      const first = rows.filter({ hasText: 'First likely error' }).first();
      const [, line] = /\[Ln (\d+), Col \d+\]/.exec(await first.innerText()) ?? [];
      await first.click();
      await ui.cursorOnLine(Number(line));
      await ui.screenshot('reading-problems');
      await rows.getByText('first-low-step').first().click();
      await ui.tabs('rewards.md').waitFor();
      await ui.closeEditor();
      await ui.palette('View: Hide Panel');
    },

    async 'keys go from low step to low step'(ui) {
      await toTop(ui);
      const lines = EXAMPLES.slice(0, WITH_LOW_STEPS);
      const traces = (await scores(ui)).slice(0, WITH_LOW_STEPS);
      const places = traces.flatMap(({ steps }, row) =>
        steps.filter(isLow).map(({ text }) => `${row + 1}:${(lines[row]?.indexOf(text) ?? -1) + 1}`),
      );
      assert.ok(places.length >= 2);
      const at = async () => Object.values(await ui.cursor()).join(':');
      for (const place of places) {
        await ui.page.keyboard.press('ControlOrMeta+F8');
        await eventually(at, (cursor) => cursor === place, {
          what: `the cursor at ${place}`,
        });
      }
      await ui.page.keyboard.press('ControlOrMeta+Shift+F8');
      await eventually(at, (cursor) => cursor === places.at(-2), {
        what: 'the low step before',
      });
    },
  },
);
