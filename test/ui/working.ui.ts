import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import path from 'node:path';
import { defineScenarios, eventually, type Ui } from './driver';
import { firstExamples, REWARD, scoringProcesses, texts, WRAPPED, waitForStatus } from './steplens';

const FILE = 'four.jsonl';
const CONTENT = firstExamples(4);

/** Waits until the texts after the steps are as wanted. */
function waitForTexts(ui: Ui, what: string, wanted: (all: readonly string[]) => boolean): Promise<string[]> {
  return eventually(() => texts(ui), wanted, { what });
}

export default defineScenarios(
  { files: { [FILE]: CONTENT }, open: FILE, settings: { ...WRAPPED, 'steplens.scoreOnOpen': 'all' } },
  {
    async 'a label that a person sets stands beside the reward, is kept, and can be undone'(ui) {
      await waitForStatus(ui, /4 traces · .* · scored/);
      await ui.editor().click('After the morning');
      await ui.palette('Steplens: Set Step Label');
      await ui.quickInput.pick('✓ correct');
      await waitForTexts(ui, 'a label', (all) => /^[+−]?\d\.\d\d( ▼)? ✓$/.test(all[1] ?? ''));
      assert.match(await ui.editor().hover('After the morning', /Label/), /Label: correct, by/);
      const kept = await readFile(path.join(ui.workspace, 'four.steplens.json'), 'utf8');
      assert.match(kept, /"correct"/);
      assert.ok(kept.includes(JSON.stringify(userInfo().username)));
      await ui.palette('Steplens: Undo Last Label');
      await waitForTexts(ui, 'no label', (all) => REWARD.test(all[1] ?? ''));
    },

    async 'a gold answer can be set, and the trace is scored again for it'(ui) {
      const before = await texts(ui);
      await ui
        .editor()
        .follow(ui.editor().lenses('Gold: 180').first(), () => ui.quickInput.field.isVisible());
      await ui.quickInput.answer('205');
      await ui.editor().lenses('Gold (yours): 205').waitFor();
      await waitForTexts(
        ui,
        'other rewards of the third trace',
        (all) => all[9] !== before[9] && REWARD.test(all[9] ?? '') && all[0] === before[0],
      );
      await ui.palette('Steplens: Undo Last Label');
      await waitForTexts(ui, 'the rewards of before', (all) => all.join() === before.join());
    },

    async 'an edited step is outdated at once, and scored again after a pause'(ui) {
      const before = await texts(ui);
      await ui.editor().click('half of the rest');
      await ui.page.keyboard.press('End');
      await ui.editor().click('The bakery bakes');
      await ui.editor().type('big ');
      await waitForTexts(
        ui,
        'an outdated reward',
        (all) => all[0] === `${before[0]?.replace(' ▼', '')} (outdated)`,
      );
      await waitForTexts(
        ui,
        'new rewards',
        (all) => all.length > 8 && all.slice(0, 8).every((text) => REWARD.test(text)),
      );
      for (let letter = 0; letter < 4; letter += 1) {
        await ui.page.keyboard.press('Backspace');
      }
      await waitForTexts(ui, 'the rewards of before', (all) => all.join() === before.join());
    },

    async 'the readable view shows a trace as a document, and leads back'(ui) {
      const before = await texts(ui);
      const lens = ui.editor().lenses('Readable view').nth(1);
      await ui.editor().follow(lens, () => ui.tabs('bakery-wrong.steplens').isVisible());
      const view = ui.editor();
      await waitForTexts(
        ui,
        'the rewards of the second trace',
        (all) => all.join() === before.slice(4, 8).join(),
      );
      const lines = (await view.lines()).map(({ text }) => text);
      assert.equal(lines[0], 'bakery-wrong');
      assert.ok(lines.includes('Step 4') && lines.includes('The bakery bakes 12 * 18 = 216 rolls.'));
      assert.ok(lines.includes('Gold answer') && lines.includes('33'));
      assert.match(await view.hover('258 rolls are sold', /Step/), /Step 3 of 4 · reward/);
      await ui.screenshot('working-readable');
      await view.click('258 rolls are sold');
      await ui.palette('Steplens: Reveal in Source');
      await ui.cursorOnLine(2);
      const source = CONTENT.split('\n')[1] ?? '';
      assert.equal((await ui.cursor()).column, source.indexOf('Together with the morning') + 1);
    },

    async 'the side bar lists the traces, filters them and opens their steps'(ui) {
      const rows = await ui.sideBar('Steplens');
      await eventually(
        () => rows.count(),
        (count) => count === 4,
        { what: 'four traces' },
      );
      assert.match((await rows.first().textContent()) ?? '', /bakery.*step \d: [+−]\d\.\d\d/);
      await ui.page.locator('.part.sidebar').getByRole('button', { name: 'Filter Traces' }).click();
      await ui.quickInput.pick('Wrong answer');
      await eventually(
        () => rows.count(),
        (count) => count === 2,
        { what: 'the two wrong traces' },
      );
      await rows.filter({ hasText: 'train-wrong' }).click();
      await ui.cursorOnLine(4);
      await rows.filter({ hasText: 'train-wrong' }).locator('.monaco-tl-twistie').click();
      await eventually(
        () => rows.count(),
        (count) => count === 6,
        { what: 'the steps of the trace' },
      );
      await rows.filter({ hasText: '2. 4 hours and 25 minutes' }).click();
      const source = CONTENT.split('\n')[3] ?? '';
      const column = source.indexOf('4 hours and 25 minutes are') + 1;
      await eventually(
        () => ui.cursor(),
        (cursor) => cursor.line === 4 && cursor.column === column,
      );
      await ui.screenshot('working-traces');
      await ui.page.locator('.part.sidebar').getByRole('button', { name: 'Show All Traces' }).click();
      await eventually(
        () => rows.count(),
        (count) => count > 6,
        { what: 'all traces' },
      );
    },

    async 'what was scored before is there at once when a file is opened again'(ui) {
      const before = await texts(ui);
      const [pid] = await scoringProcesses(ui);
      assert.ok(pid);
      await ui.palette('File: Save'); // what was edited and taken back counts as changed, and would be restored
      await ui.closeEditor('all');
      await ui.palette('Developer: Reload Window');
      await ui.ready();
      await ui.openFile(FILE);
      await waitForTexts(ui, 'the same rewards', (all) => all.join() === before.join());
      assert.deepEqual(await scoringProcesses(ui), []); // no model was loaded for it
    },
  },
);
