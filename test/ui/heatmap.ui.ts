import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { defineScenarios, eventually, type Ui } from './driver';
import { cellAt } from './heatmap-cell';
import { EXAMPLES, WRAPPED, waitForStatus } from './steplens';

const FILE = 'traces.jsonl';

/** The footer's counts. */
const counts = async (ui: Ui): Promise<string> =>
  ((await ui.webview().locator('.counts').textContent()) ?? '').replaceAll(/\s+/g, ' ');

function waitForCounts(ui: Ui, pattern: RegExp): Promise<string> {
  return eventually(
    () => counts(ui),
    (text) => pattern.test(text),
    { what: `the counts ${pattern}` },
  );
}

/** What a screen reader is told of the active cell. */
const activeCell = async (ui: Ui): Promise<string> =>
  (await ui.webview().locator('#active-cell').textContent()) ?? '';

function waitForCell(ui: Ui, pattern: RegExp): Promise<string> {
  return eventually(
    () => activeCell(ui),
    (text) => pattern.test(text),
    { what: `the cell ${pattern}` },
  );
}

/** Where the step of an example stands, from 1. */
function placeOf(row: number, text: string): { line: number; column: number } {
  return { line: row + 1, column: (EXAMPLES[row]?.indexOf(text) ?? -1) + 1 };
}

function waitForCursor(ui: Ui, place: { line: number; column: number }): Promise<unknown> {
  return eventually(
    () => ui.cursor(),
    ({ line, column }) => line === place.line && column === place.column,
    { what: `the cursor at ${place.line}:${place.column}` },
  );
}

async function choose(ui: Ui, id: string, label: string): Promise<void> {
  await ui.webview().locator(`#${id}`).click();
  await ui.webview().locator(`#${id} .option`, { hasText: label }).first().click();
}

export default defineScenarios(
  {
    open: FILE,
    settings: { ...WRAPPED, 'steplens.scoreOnOpen': 'never' },
    viewport: { width: 1500, height: 860 },
  },
  {
    async 'the heatmap opens beside the file and fills while traces are scored'(ui) {
      await waitForStatus(ui, /not scored/);
      await ui.palette('Steplens: Open Heatmap');
      await waitForCounts(ui, /^Traces: 12 of 12 · Steps: 47/);
      await ui.webview().getByRole('button', { name: 'Score file' }).click();
      const seen = new Set<string>();
      const notice = ui.webview().locator('.notice');
      await eventually(
        async () => {
          const text = (await notice.isVisible()) ? await notice.innerText() : '';
          const [, done] = /Scoring (\d+) of 12/.exec(text) ?? [];
          if (done) {
            seen.add(done);
          }
          return text;
        },
        (text) => text === '' && seen.size > 0,
        { what: 'the end of the scoring' },
      );
      assert.ok(seen.size >= 3, `the heatmap showed the progress of ${[...seen].join(' ')} only`);
      assert.match(await waitForCounts(ui, /Low: [1-9]/), /^Traces: 12 of 12/);
      await ui.screenshot('heatmap-12');
    },

    async 'filters narrow the rows'(ui) {
      const page = ui.webview();
      await page.locator('#filter-id input').fill('wrong');
      await waitForCounts(ui, /^Traces: 5 of 12/);
      await page.locator('#filter-id input').fill('');
      await choose(ui, 'filter-outcome', 'Wrong answer');
      await waitForCounts(ui, /^Traces: 5 of 12/);
      await choose(ui, 'filter-outcome', 'Any outcome');
      await page.locator('#filter-low').click();
      const text = await waitForCounts(ui, /^Traces: [1-9] of 12/);
      assert.match(text, /Low: [1-9]/);
      await page.locator('#filter-low').click();
      await waitForCounts(ui, /^Traces: 12 of 12/);
    },

    async 'keys move from cell to cell, the editor follows, and Enter goes there'(ui) {
      await ui.webview().locator('.grid').focus();
      await ui.page.keyboard.press('Control+Home');
      await waitForCell(ui, /^bakery, step 1 of 4, reward [+−]?\d\.\d\d/);
      await ui.page.keyboard.press('ArrowDown');
      await ui.page.keyboard.press('ArrowDown');
      await ui.page.keyboard.press('ArrowRight');
      await waitForCell(ui, /^train, step 2 of 4/);
      const line = () => ui.editor(FILE).activeLine();
      await eventually(line, (active) => active === 3, { what: 'the third line' });
      await ui.page.keyboard.press('Enter');
      await waitForCursor(ui, placeOf(2, '3 hours and 25 minutes are 3'));
      await ui.editor(FILE).type('x'); // the keyboard is in the editor
      await ui.page.keyboard.press('ControlOrMeta+Z');
    },

    async 'a click on a cell opens its step, and the cursor selects its cell'(ui) {
      const { grid, position } = await cellAt(ui, 3, 2);
      // As long as a person holds the button: the page has the keyboard before the click is over, and then gives it away.
      await grid.click({ position, delay: 100 });
      await waitForCursor(ui, placeOf(3, 'It stops for 25 minutes, so'));
      await waitForCell(ui, /^train-wrong, step 3 of 4/);
      await ui.screenshot('heatmap-cell');
      await ui.editor(FILE).click('Together with the morning');
      await waitForCell(ui, /^bakery-wrong, step 3 of 4/);
    },

    async 'the rewards can be exported'(ui) {
      await ui.webview().locator('#export-csv').click();
      const proposed = await eventually(
        () => ui.quickInput.field.inputValue(),
        (value) => value.endsWith('.csv'),
        { what: 'the proposed name' },
      );
      assert.equal(proposed, path.join(ui.workspace, 'traces.jsonl.heatmap.csv'));
      await ui.page.keyboard.press('Enter');
      const csv = await eventually(
        () => readFile(proposed, 'utf8').catch(() => ''),
        (text) => text !== '',
        { what: 'the exported file' },
      );
      assert.equal(csv.trimEnd().split('\n').length, 48); // a heading and a line a step
    },
  },
);
