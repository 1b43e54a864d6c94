import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { bandOf, scaleFor } from '../../src/heatmap/colour/scale';
import { THEME_KINDS } from '../../src/heatmap/colour/theme';
import type { RowBatch } from '../../src/heatmap/protocol';
import { HeatmapPage, INIT, launch } from './harness';
import { makeTraces, rewardsOf } from './traces';

const { threshold, bands } = INIT.settings;
const lowest = (batch: RowBatch, row: number) => Math.min(...rewardsOf(batch, row));

describe('the heatmap page', () => {
  let browser: Browser;
  let heatmap: HeatmapPage;
  const twelve = makeTraces(12);

  before(async () => {
    browser = await launch();
  });
  after(async () => browser.close());
  beforeEach(async () => {
    heatmap = await HeatmapPage.open(browser);
  });
  afterEach(async () => {
    assert.deepEqual(heatmap.errors, [], 'no error, warning or violation of the security policy');
    await heatmap.close();
  });

  /** Ids of all shown rows from top to bottom, as the keyboard meets them. */
  async function shownIds(count: number): Promise<string[]> {
    const ids: string[] = [];
    await heatmap.focusGrid();
    await heatmap.press('Control+Home');
    for (let i = 0; i < count; i++) {
      ids.push((await heatmap.page.textContent('#active-row')) ?? '');
      await heatmap.press('ArrowDown');
    }
    return ids;
  }

  it('says ready first and waits', async () => {
    const types = await heatmap.page.evaluate(() => window.posted.map((message) => message.type));
    assert.deepEqual(types, ['ready']);
    assert.equal(await heatmap.page.textContent('.blank p'), 'Reading the traces…');
    await heatmap.screenshot('loading');
  });

  it('shows the traces and counts them', async () => {
    await heatmap.show(twelve);
    const steps = twelve.steps.reduce((sum, count) => sum + count, 0);
    const low = Array.from(twelve.rewards ?? []).filter((reward) => (reward ?? 0) < threshold).length;
    assert.equal(await heatmap.counts(), `Traces: 12 of 12 · Steps: ${steps} · Low: ${low}`);
    assert.equal(await heatmap.page.getAttribute('.grid', 'aria-rowcount'), '13');
    assert.equal(
      await heatmap.page.getAttribute('.grid', 'aria-colcount'),
      String(Math.max(...twelve.steps) + 1),
    );
    assert.equal(await heatmap.page.isVisible('.blank'), false);
  });

  it('says so when a file has no trace', async () => {
    await heatmap.post(INIT);
    await heatmap.settled();
    assert.equal(await heatmap.page.textContent('.blank p'), 'There is no trace in this file.');
  });

  it('filters by outcome, format, id and low steps, and clears the filters', async () => {
    await heatmap.show(twelve);
    const expect = async (passes: (row: number) => boolean) => {
      const rows = twelve.ids.map((_, row) => row).filter(passes);
      assert.match(await heatmap.counts(), new RegExp(`^Traces: ${rows.length} of 12 `));
      assert.deepEqual(
        await shownIds(rows.length),
        rows.map((row) => twelve.ids[row]),
      );
    };
    await heatmap.choose('filter-outcome', 'Wrong answer');
    await expect((row) => twelve.outcomes[row] === 'wrong');
    await heatmap.choose('filter-outcome', 'Any outcome');
    await heatmap.choose('filter-format', 'prm800k');
    await expect((row) => twelve.formats[row] === 'prm800k');
    await heatmap.choose('filter-format', 'Any format');
    await heatmap.page.fill('#filter-id input', 'GSM8K');
    await heatmap.settled();
    await expect((row) => twelve.ids[row]?.includes('gsm8k') === true);
    await heatmap.page.fill('#filter-id input', '');
    await heatmap.page.click('#filter-low');
    await heatmap.settled();
    await expect((row) => lowest(twelve, row) < threshold);
    await heatmap.page.fill('#filter-id input', 'nothing has this id');
    await heatmap.settled();
    assert.equal(await heatmap.page.textContent('.blank p'), 'No trace passes the filters.');
    await heatmap.page.click('#export-csv');
    assert.equal(await heatmap.page.textContent('.note'), 'No trace passes the filters.');
    assert.deepEqual(await heatmap.posted('export'), []);
    await heatmap.page.click('.blank vscode-button');
    await heatmap.settled();
    await expect(() => true);
  });

  it('sorts, either way', async () => {
    await heatmap.show(twelve);
    const mean = (row: number) =>
      rewardsOf(twelve, row).reduce((sum, reward) => sum + reward, 0) / (twelve.steps[row] ?? 1);
    const orders: readonly (readonly [string, (row: number) => number])[] = [
      ['Lowest reward', (row) => lowest(twelve, row)],
      ['Mean reward', mean],
      ['Last reward', (row) => rewardsOf(twelve, row).at(-1) ?? 0],
      ['Number of steps', (row) => twelve.steps[row] ?? 0],
      ['File order', (row) => row],
    ];
    for (const [name, value] of orders) {
      await heatmap.choose('sort', name);
      const rows = twelve.ids.map((_, row) => row).sort((a, b) => value(a) - value(b) || a - b);
      assert.deepEqual(
        await shownIds(12),
        rows.map((row) => twelve.ids[row]),
        name,
      );
    }
    await heatmap.choose('sort', 'Lowest reward');
    await heatmap.page.click('#reverse');
    await heatmap.settled();
    const down = twelve.ids.map((_, row) => row).sort((a, b) => lowest(twelve, b) - lowest(twelve, a));
    assert.deepEqual(
      await shownIds(12),
      down.map((row) => twelve.ids[row]),
    );
  });

  it('moves by keys, keeps the cell in view and opens the step with Enter', async () => {
    const many = makeTraces(300);
    await heatmap.show(many);
    await heatmap.focusGrid();
    await heatmap.press('ArrowDown');
    assert.match(await heatmap.activeCell(), /^gsm8k-0000, step 1 of /);
    await heatmap.press('ArrowRight', 'ArrowDown');
    assert.match(await heatmap.activeCell(), /^math-0001, step 2 of /);
    await heatmap.press('End');
    assert.match(await heatmap.activeCell(), new RegExp(`step ${many.steps[1]} of ${many.steps[1]}`));
    await heatmap.press('Home');
    assert.match(await heatmap.activeCell(), /step 1 of /);
    await heatmap.press('PageDown');
    const paged = Number((await heatmap.page.textContent('#active-row'))?.slice(-4));
    assert.ok(paged > 10 && paged < 40, `a page down leads to row ${paged}`);
    await heatmap.press('PageUp');
    assert.match(await heatmap.activeCell(), /^math-0001/);
    await heatmap.press('Control+End');
    assert.match(await heatmap.activeCell(), /-0299, step /);
    const scrolled = await heatmap.page.evaluate(() => {
      const grid = document.querySelector('.grid');
      return grid === null ? 0 : grid.scrollTop + grid.clientHeight - grid.scrollHeight;
    });
    assert.ok(Math.abs(scrolled) < 2, 'the last row is in view');
    await heatmap.press('Enter');
    const opened = (await heatmap.posted('select')).filter((message) => message.open);
    assert.deepEqual(opened, [
      { type: 'select', generation: 1, row: 299, step: (many.steps[299] ?? 0) - 1, open: true },
    ]);
    await heatmap.press('Control+Home', 'n');
    const first = Array.from(many.rewards ?? []).findIndex((reward, i) => i > 0 && (reward ?? 0) < threshold);
    assert.match(await heatmap.activeCell(), /, low, /);
    const { row, step } = await lastSelect();
    assert.equal(many.steps.slice(0, row).reduce((sum, count) => sum + count, 0) + (step ?? 0), first);
  });

  async function lastSelect() {
    await heatmap.settled();
    const message = (await heatmap.posted('select')).at(-1);
    assert.ok(message !== undefined);
    return message;
  }

  it('follows the pointer: a click opens the cell, a label its lowest step', async () => {
    await heatmap.show(twelve);
    const box = await heatmap.page.locator('.grid').boundingBox();
    assert.ok(box !== null);
    await heatmap.page.mouse.click(box.x + 250 + 84 * 2 + 30, box.y + 40 + 24 * 1 + 12);
    assert.deepEqual(await lastSelect(), { type: 'select', generation: 1, row: 1, step: 2, open: true });
    await heatmap.page.mouse.click(box.x + 60, box.y + 40 + 24 * 6 + 12);
    const rewards = rewardsOf(twelve, 6);
    const step = rewards.indexOf(Math.min(...rewards));
    assert.deepEqual(await lastSelect(), { type: 'select', generation: 1, row: 6, step, open: true });
  });

  it('shows a card where the pointer rests, on a cell or on a label', async () => {
    await heatmap.show(twelve);
    const box = await heatmap.page.locator('.grid').boundingBox();
    assert.ok(box !== null);
    await heatmap.page.mouse.move(box.x + 250 + 84 + 30, box.y + 40 + 24 * 2 + 12);
    assert.equal(await heatmap.page.isVisible('.tooltip'), false, 'not while it only passes');
    await heatmap.settled();
    assert.match((await heatmap.page.textContent('.tip-title')) ?? '', /^math-0002, step 2 of 7$/);
    await heatmap.page.mouse.move(box.x + 60, box.y + 40 + 24 * 3 + 12);
    await heatmap.settled();
    assert.equal(await heatmap.page.textContent('.tip-title'), 'gsm8k-0003');
    assert.match(
      (await heatmap.page.textContent('.tip-facts')) ?? '',
      /Wrong answer · processbench · line 4/,
    );
    await heatmap.page.mouse.move(box.x + 900, box.y + 500);
    await heatmap.settled();
    assert.equal(await heatmap.page.isVisible('.tooltip'), false);
    assert.deepEqual(await heatmap.posted('select'), []);
  });

  it('follows the editor without answering, and says when the trace is hidden', async () => {
    await heatmap.show(makeTraces(300));
    await heatmap.post({ type: 'select', generation: 1, row: 250, step: 1 });
    await heatmap.settled();
    assert.match(await heatmap.activeCell(), /-0250, step 2 of /);
    assert.ok((await heatmap.page.evaluate(() => document.querySelector('.grid')?.scrollTop ?? 0)) > 4000);
    assert.deepEqual(await heatmap.posted('select'), []);
    await heatmap.page.fill('#filter-id input', '-0001');
    await heatmap.settled();
    assert.match((await heatmap.page.textContent('.notice-text')) ?? '', /hidden by the filters/);
    await heatmap.page.click('.notice vscode-button');
    await heatmap.settled();
    assert.match(await heatmap.activeCell(), /-0250, step 2 of /);
    await heatmap.post({ type: 'select', generation: 0, row: 3, step: 0 });
    await heatmap.settled();
    assert.match(await heatmap.activeCell(), /-0250/, 'an older generation is ignored');
  });

  it('asks for a text when it is looked at, and shows it as text', async () => {
    await heatmap.show(twelve);
    assert.deepEqual(await heatmap.posted('askStep'), []);
    await heatmap.focusGrid();
    await heatmap.press('ArrowDown', 'ArrowRight');
    assert.deepEqual((await heatmap.posted('askStep')).at(-1), {
      type: 'askStep',
      generation: 1,
      row: 0,
      step: 1,
    });
    const text = '<img src=x onerror="window.hacked = 1"><script>window.hacked = 1</script>';
    await heatmap.post({
      type: 'step',
      generation: 1,
      row: 0,
      step: 1,
      text,
      cut: true,
      details: ['<b>gold</b> +0.1'],
    });
    await heatmap.settled();
    assert.equal(await heatmap.page.textContent('.tip-text'), text);
    assert.equal(await heatmap.page.textContent('.tip-detail'), '<b>gold</b> +0.1');
    assert.equal(await heatmap.page.locator('.tooltip img, .tooltip script, .tooltip b').count(), 0);
    assert.equal(await heatmap.page.evaluate(() => 'hacked' in window), false);
    assert.equal(await heatmap.page.textContent('[role=status].unseen'), text.slice(0, 400));
    await heatmap.press('Escape');
    assert.equal(await heatmap.page.isVisible('.tooltip'), false);
  });

  it('shows a run while it goes on', async () => {
    const silent = makeTraces(12, { scored: false });
    await heatmap.show(silent);
    assert.match((await heatmap.page.textContent('.notice-text')) ?? '', /no rewards yet/);
    await heatmap.page.click('.notice vscode-button');
    assert.equal((await heatmap.posted('score')).length, 1);
    await heatmap.post({
      type: 'progress',
      generation: 1,
      phase: 'scoring',
      done: 1,
      total: 12,
      note: '3 s left',
    });
    await heatmap.post({ type: 'rewards', generation: 1, rows: [0], rewards: rewardsOf(twelve, 0) });
    await heatmap.post({ type: 'failures', generation: 1, failures: [{ row: 1, reason: 'too long' }] });
    await heatmap.settled();
    assert.equal(await heatmap.page.textContent('.notice-text'), 'Scoring 1 of 12 · 3 s left');
    await heatmap.focusGrid();
    await heatmap.press('ArrowDown', 'End');
    assert.match(await heatmap.activeCell(), /reward .\d\.\d\d nats per token/);
    await heatmap.press('ArrowDown');
    assert.match(await heatmap.activeCell(), /could not be scored: too long/);
    await heatmap.press('ArrowDown');
    assert.match(await heatmap.activeCell(), /not scored yet/);
    await heatmap.page.click('.notice vscode-button');
    assert.equal((await heatmap.posted('cancel')).length, 1);
    await heatmap.post({ type: 'progress', generation: 1, phase: 'idle', done: 12, total: 12, note: '' });
    await heatmap.settled();
    assert.equal(await heatmap.page.isVisible('.notice'), false);
  });

  it('keeps the selected row where it is while rewards reorder the rows', async () => {
    const silent = makeTraces(200, { scored: false });
    const scored = makeTraces(200);
    await heatmap.show(silent, { title: 'live' });
    await heatmap.choose('sort', 'Lowest reward');
    await heatmap.post({ type: 'select', generation: 1, row: 100, step: 0 });
    await heatmap.settled();
    const where = () =>
      heatmap.page.evaluate(() => {
        const row = Number(
          document.querySelector('.grid [role=row]:nth-child(2)')?.getAttribute('aria-rowindex'),
        );
        return (row - 2) * 24 - (document.querySelector('.grid')?.scrollTop ?? 0);
      });
    const before = await where();
    // Rows after the selected one get rewards and so move before it.
    const rows = Array.from({ length: 60 }, (_, i) => 140 + i);
    const rewards = rows.flatMap((row) => rewardsOf(scored, row));
    await heatmap.post({ type: 'rewards', generation: 1, rows, rewards });
    await heatmap.settled();
    await heatmap.settled();
    assert.equal(await where(), before);
  });

  it('exports the shown traces as CSV, byte for byte', async () => {
    const hostile: RowBatch = { ...twelve, ids: ['=1+1', 'a "quoted", id', ...twelve.ids.slice(2)] };
    await heatmap.show(hostile);
    await heatmap.choose('filter-outcome', 'Wrong answer');
    await heatmap.choose('sort', 'Lowest reward');
    const rows = hostile.ids
      .map((_, row) => row)
      .filter((row) => hostile.outcomes[row] === 'wrong')
      .sort((a, b) => lowest(hostile, a) - lowest(hostile, b));
    const quoted: Record<string, string> = { '=1+1': "'=1+1", 'a "quoted", id': '"a ""quoted"", id"' };
    const lines = rows.flatMap((row) =>
      rewardsOf(hostile, row).map((reward, step, all) => {
        const id = hostile.ids[row] ?? '';
        const trace = `${quoted[id] ?? id},${row + 1},${hostile.formats[row]},wrong`;
        return `${trace},${step + 1},${all.length},${decimal(reward)},${reward < Math.fround(threshold)}\r\n`;
      }),
    );
    const expected = `id,line,format,outcome,step,steps,reward,low\r\n${lines.join('')}`;
    assert.equal((await heatmap.exported('csv')).toString('utf8'), expected);
    assert.equal((await heatmap.posted('export')).at(-1)?.name, 'examples.jsonl.heatmap.csv');
    await heatmap.post({ type: 'exported', ok: true, note: 'Saved examples.jsonl.heatmap.csv' });
    await heatmap.settled();
    assert.equal(await heatmap.page.textContent('.note'), 'Saved examples.jsonl.heatmap.csv');
  });

  it('exports an SVG that holds every cell and no markup of a trace', async () => {
    await heatmap.show({ ...twelve, ids: ['<script>alert(1)</script>', ...twelve.ids.slice(1)] });
    const svg = (await heatmap.exported('svg')).toString('utf8');
    const found = await heatmap.page.evaluate((text) => {
      const parsed = new DOMParser().parseFromString(text, 'image/svg+xml');
      return {
        error: parsed.querySelector('parsererror')?.textContent ?? null,
        scripts: parsed.querySelectorAll('script').length,
        texts: Array.from(parsed.querySelectorAll('text'), (node) => node.textContent ?? ''),
        fills: Array.from(parsed.querySelectorAll('rect'), (node) => node.getAttribute('fill')),
      };
    }, svg);
    assert.equal(found.error, null);
    assert.equal(found.scripts, 0);
    assert.ok(found.texts.some((text) => text.startsWith('<script>al')));
    assert.ok(found.texts.includes('Rows 1 to 12 of 12'));
    const scale = scaleFor('dark', bands);
    const strongest = Array.from(twelve.rewards ?? []).filter(
      (reward) => bandOf(bands, reward ?? 0) === 0,
    ).length;
    // One more in the legend.
    assert.equal(found.fills.filter((fill) => fill === scale.colours[0]).length, strongest + 1);
  });

  it('exports a PNG of twice the size', async () => {
    await heatmap.show(twelve);
    const png = await heatmap.exported('png');
    assert.equal(png.subarray(1, 4).toString('latin1'), 'PNG');
    const size = { width: png.readUInt32BE(16), height: png.readUInt32BE(20) };
    assert.deepEqual(size, { width: 2 * (250 + 8 * 84 + 2 + 32), height: 2 * (40 + 40 + 54 + 32 + 12 * 24) });
  });

  it('takes the colours of all four kinds of theme', async () => {
    await heatmap.show(twelve);
    for (const kind of THEME_KINDS) {
      await heatmap.useTheme(kind);
      const pixel = await heatmap.page.evaluate(() => {
        const copy = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        const grid = document.querySelector('canvas');
        if (copy === null || grid === null) return '';
        copy.drawImage(grid, -(250 + 2 * 84 + 3), -(40 + 24 + 3));
        const [r = 0, g = 0, b = 0] = copy.getImageData(0, 0, 1, 1).data;
        return `#${[r, g, b].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
      });
      const band = bandOf(bands, rewardsOf(twelve, 1)[2] ?? 0);
      assert.equal(pixel, scaleFor(kind, bands).colours[band], kind);
      await heatmap.screenshot(`12-${kind}`);
    }
  });

  it('divides every trace into equal parts, and moves by step there too', async () => {
    const long = makeTraces(30, { steps: 45 });
    await heatmap.show(long);
    assert.equal(await heatmap.page.getAttribute('.grid', 'aria-colcount'), '46');
    await heatmap.choose('columns', 'By fraction');
    assert.equal(await heatmap.page.getAttribute('.grid', 'aria-colcount'), '21');
    await heatmap.focusGrid();
    await heatmap.press('ArrowDown', 'End');
    const last = rewardsOf(long, 0);
    const step = last.lastIndexOf(Math.min(...last.slice(43)));
    assert.match(await heatmap.activeCell(), new RegExp(`step ${step + 1} of 45`));
    await heatmap.screenshot('fraction');
  });

  it('comes back as it was left', async () => {
    await heatmap.show(makeTraces(300));
    await heatmap.choose('sort', 'Mean reward');
    await heatmap.choose('row-size', 'Compact');
    await heatmap.page.click('#filter-low');
    await heatmap.focusGrid();
    await heatmap.press('Control+End');
    await heatmap.settled();
    const cell = await heatmap.activeCell();
    const counts = await heatmap.counts();
    const state = await heatmap.page.evaluate(() => JSON.parse(JSON.stringify(window.saved)));
    await heatmap.close();
    heatmap = await HeatmapPage.open(browser, { state });
    await heatmap.show(makeTraces(300), { generation: 5 });
    assert.equal(await heatmap.activeCell(), cell);
    assert.equal(await heatmap.counts(), counts);
    assert.equal((await heatmap.page.textContent('#sort .text'))?.trim(), 'Mean reward');
    assert.ok((await heatmap.page.evaluate(() => document.querySelector('.grid')?.scrollTop ?? 0)) > 300);
  });

  it('speaks the language it is given', async () => {
    await heatmap.show(twelve, { strings: { low: 'tief', counts: 'Spuren: {0} von {1}' }, locale: 'de' });
    assert.match(await heatmap.counts(), /^Spuren: 12 von 12 · Steps/);
    await heatmap.focusGrid();
    await heatmap.press('ArrowDown', 'n');
    assert.match(await heatmap.activeCell(), /\u2212\d,\d\d nats per token, tief/);
  });

  it('reports and drops what does not fit the protocol', async () => {
    await heatmap.show(twelve);
    await heatmap.postRaw({ type: 'reboot' });
    await heatmap.postRaw('hello');
    await heatmap.postRaw({ type: 'rows', generation: 1, batch: { ...twelve, steps: [1] } });
    await heatmap.postRaw({ type: 'rows', generation: 1, batch: { ...twelve, start: 40 } });
    await heatmap.postRaw({
      type: 'rewards',
      generation: 1,
      rows: [0],
      rewards: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
    });
    await heatmap.settled();
    const reasons = (await heatmap.posted('problem')).map((message) => message.reason);
    assert.deepEqual(reasons, [
      'unknown message type "reboot"',
      'a message must be an object',
      'steps must be as long as ids',
      'rows: rows from 40 would leave a gap: there are 12',
      `rewards: rewards must be ${twelve.steps[0]} numbers, one a step; there are 12`,
    ]);
    assert.match(await heatmap.counts(), /^Traces: 12 of 12/);
  });
});

/** The shortest decimal that gives the single-precision number back, found another way than the page does. */
function decimal(value: number): string {
  for (let digits = 0; digits < 12; digits++) {
    const text = String(Number(value.toFixed(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
  return String(value);
}
