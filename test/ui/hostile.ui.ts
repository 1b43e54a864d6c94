import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { defineScenarios, eventually, type Ui } from './driver';
import { EXAMPLES, REWARD, WRAPPED, waitForStatus } from './steplens';

const FILE = 'hostile.jsonl';
const RTL = '\u202e';
/** Sets a flag in every frame where it is taken for HTML, and asks a host for a picture. */
const HTML = `<img src="https://hostile.invalid/a.png" onerror="globalThis.hacked = 1"><script>globalThis.hacked = 1</script>`;
const LINK = `[click](command:workbench.action.closeAllEditors) ![x](https://hostile.invalid/b.png) <a href="command:x">y</a>`;

const HOSTILE = {
  id: `${HTML} $(trash) ${RTL}`,
  question: `What is 6 * 7? ${HTML} ${LINK}`,
  steps: [
    `First ${HTML}`,
    `Second ${LINK}`,
    `Third ${RTL} reversed \u2066 and \`code\` | a | table | $(trash)`,
    `So the answer is 41 ${LINK}. The answer is: 41 $(trash) ${LINK}`,
  ],
  answer: `42 $(trash) ${LINK}`,
  negatives: [`41 | ${LINK}`, `${HTML}`],
  __proto__: { polluted: true },
};
const LONG = {
  id: 'long',
  question: 'How long is it?',
  steps: ['The sum of 1 and 1 is 2. '.repeat(42_000), 'So the answer is 2. The answer is: 2'],
  answer: '2',
};
const CONTENT = `${JSON.stringify(HOSTILE)}\n${EXAMPLES[0]}\n${JSON.stringify(LONG)}\n`;

/** Nothing of the trace was run, loaded or made an element, in the window and in every webview. */
async function assertHarmless(ui: Ui, requests: readonly string[]): Promise<void> {
  for (const frame of ui.page.frames()) {
    assert.equal(await frame.evaluate(() => 'hacked' in globalThis).catch(() => false), false, frame.url());
    const foreign = await frame
      .locator('[src*="hostile.invalid"], [href*="hostile.invalid"], [onerror]')
      .count();
    assert.equal(foreign, 0, frame.url());
  }
  assert.deepEqual(requests, []);
}

/** Where the links inside an element lead. */
const links = (element: Locator): Promise<string[]> =>
  element
    .locator('a')
    .evaluateAll((all) => all.map((a) => a.getAttribute('data-href') || a.getAttribute('href') || ''));

/** The requests to the hostile host, from now on. */
function watch(ui: Ui): string[] {
  const requests: string[] = [];
  ui.page.context().on('request', (request) => {
    if (request.url().includes('hostile.invalid')) {
      requests.push(request.url());
    }
  });
  return requests;
}

export default defineScenarios(
  {
    files: { [FILE]: CONTENT },
    settings: { ...WRAPPED, 'steplens.scoreOnOpen': 'all', 'steplens.lowThreshold': 5 }, // every step is a problem
  },
  {
    async 'a hostile trace and a step of a megabyte are read, and what can be scored is scored'(ui) {
      const requests = watch(ui);
      await ui.openFile(FILE);
      const status = await waitForStatus(ui, /3 traces · Steplens JSON lines · [12] scored/);
      assert.match(status, /1 could not be scored/);
      await ui.editor().waitForInlineText(REWARD);
      await assertHarmless(ui, requests);
    },

    async 'lenses and hovers show its text as text'(ui) {
      const requests = watch(ui);
      const lens = ui.editor().lenses(/^Gold/).first();
      assert.match(await lens.innerText(), /^Gold: 42 \$\u200b?\(trash\) \[click\]\(command:/);
      assert.equal(await ui.editor().element.locator('.codicon-trash').count(), 0);
      await ui.editor().lenses('Readable view').first().waitFor();
      const text = await ui.editor().hover('First <img', /Step 1 of 4/);
      assert.ok(text.includes('42 $(trash)') || text.includes('42 $'), text);
      const hover = ui.editor().hovers();
      for (const link of await links(hover)) {
        assert.match(link, /^command:steplens\.|^$/);
      }
      const images = await hover
        .locator('img')
        .evaluateAll((all) => all.map((img) => img.getAttribute('src') ?? ''));
      assert.ok(
        images.every((source) => source.startsWith('data:image/svg+xml')),
        images.join(' '),
      );
      assert.equal(await hover.locator('.codicon-trash, script, iframe').count(), 0);
      await assertHarmless(ui, requests);
      await ui.screenshot('hostile-hover');
    },

    async 'problems and the side bar show its text as text'(ui) {
      const requests = watch(ui);
      const problems = await ui.problems();
      await problems.nth(1).waitFor(); // below the file's own row
      assert.equal(await ui.page.locator('.markers-panel .codicon-trash').count(), 0);
      const rows = await ui.sideBar('Steplens');
      assert.match((await rows.first().textContent()) ?? '', /^<img src="https:\/\/hostile/);
      assert.equal(await ui.page.locator('.part.sidebar .codicon-trash').count(), 0);
      await rows.first().locator('.monaco-tl-twistie').click();
      await eventually(
        () => rows.allTextContents(),
        (all) => all.some((text) => text.includes('3. Third \\u202e reversed')),
        { what: 'the step with what reverses text made visible' },
      );
      await assertHarmless(ui, requests);
      await ui.screenshot('hostile-side-bar');
      await ui.palette('View: Hide Panel');
    },

    async 'the readable view shows what reverses text, and nothing else'(ui) {
      const requests = watch(ui);
      const shown = async () => (await ui.editor().lines()).map((line) => line.text).join('\n');
      await ui
        .editor()
        .follow(ui.editor().lenses('Readable view').first(), async () =>
          (await shown()).includes('\nGold answer\n'),
        );
      const text = await shown();
      await ui.editor().waitForInlineText(REWARD);
      assert.ok(text.includes('Third \\u202e reversed \\u2066 and `code`'), text);
      assert.ok(!/[\u202a-\u202e\u2066-\u2069]/.test(text));
      assert.ok(text.includes('<img src="https://hostile.invalid/a.png"'));
      await assertHarmless(ui, requests);
      await ui.closeEditor();
    },

    async 'the heatmap shows its name as text'(ui) {
      const requests = watch(ui);
      await ui.palette('Steplens: Open Heatmap');
      const page = ui.webview();
      await page.locator('.grid').focus();
      await ui.page.keyboard.press('Control+Home');
      await eventually(
        async () => (await page.locator('#active-cell').textContent()) ?? '',
        (cell) => cell.startsWith('<img src="https://hostile'),
        { what: 'the hostile row' },
      );
      assert.equal(await page.locator('img, iframe').count(), 0);
      await assertHarmless(ui, requests);
      await ui.screenshot('hostile-heatmap');
      await ui.closeEditor();
    },

    async 'the editor is alive: an edit is followed'(ui) {
      await ui.goToLine(2);
      await ui.editor().click('The bakery bakes');
      await ui.editor().type('big ');
      await ui.editor().waitForInlineText(/outdated/);
      await waitForStatus(ui, /2 scored/);
    },
  },
);
