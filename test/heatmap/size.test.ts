import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { HeatmapPage, hasChromium, launch } from './harness';

const STEPS = 10;

interface Spread {
  readonly median: number;
  readonly p95: number;
  readonly worst: number;
}

function spread(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 10) / 10;
  return { median: at(0.5), p95: at(0.95), worst: at(1) };
}

/** How a run of frames was made: pixels scrolled between two, and whether rewards keep arriving meanwhile. */
interface Ride {
  readonly by: number;
  readonly liveRows?: number;
}

/** Milliseconds between frames while the grid scrolls. */
async function frames(heatmap: HeatmapPage, ride: Ride): Promise<Spread> {
  const times = await heatmap.page.evaluate(async ({ by, liveRows }) => {
    const grid = document.querySelector('.grid');
    const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const between: number[] = [];
    let last = await nextFrame();
    for (let i = 0; i < 150 && grid !== null; i++) {
      if (liveRows !== undefined) {
        const rows = Array.from({ length: 20 }, (_, k) => (i * 997 + k) % liveRows);
        const rewards = new Float32Array(20 * 10).map((_, k) => Math.sin(i + k));
        window.postMessage({ type: 'rewards', generation: 1, rows, rewards }, '*');
      }
      grid.scrollTop = (grid.scrollTop + by) % (grid.scrollHeight - grid.clientHeight);
      const now = await nextFrame();
      between.push(now - last);
      last = now;
    }
    return between;
  }, ride);
  return spread(times);
}

/** Milliseconds from a change of a control to the end of the frame that shows it. */
function changing(heatmap: HeatmapPage, id: string, value: string): Promise<number> {
  return heatmap.page.evaluate(
    async ([selector, chosen]) => {
      const control = document.querySelector<HTMLElement & { value: string }>(selector);
      if (control === null) throw new Error(`no ${selector}`);
      const start = performance.now();
      control.value = chosen;
      control.dispatchEvent(new Event('input'));
      control.dispatchEvent(new Event('change'));
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      return Math.round(performance.now() - start);
    },
    [`#${id}`, value] as const,
  );
}

describe('the heatmap page with many traces', { skip: !hasChromium }, () => {
  let browser: Browser;
  before(async () => {
    browser = await launch();
  });
  after(async () => browser.close());

  for (const count of [10_000, 100_000]) {
    it(`stays smooth with ${count} traces of ${STEPS} steps`, async () => {
      const heatmap = await HeatmapPage.open(browser);
      const loading = Math.round(await heatmap.showMany(count, STEPS));
      const scrolling = await frames(heatmap, { by: 500 });
      const jumping = await frames(heatmap, { by: count * 3 });
      const sorting = await changing(heatmap, 'sort', 'lowest');
      const live = await frames(heatmap, { by: 30, liveRows: count });
      const filtering = await changing(heatmap, 'filter-id', '77');
      const unfiltering = await changing(heatmap, 'filter-id', '');
      const fraction = await changing(heatmap, 'columns', 'fraction');
      await changing(heatmap, 'row-size', 'overview');
      const overview = await frames(heatmap, { by: 100 });
      await heatmap.screenshot(`${count}-overview`);
      await changing(heatmap, 'row-size', 'comfortable');
      await heatmap.screenshot(`${count}`);
      const before = performance.now();
      const csv = await heatmap.exported('csv');
      const exporting = Math.round(performance.now() - before);
      const times = { loading, sorting, filtering, unfiltering, fraction, exporting };
      console.info(`${count} traces: frames ${JSON.stringify({ scrolling, jumping, live, overview })}`);
      console.info(`${count} traces: ms ${JSON.stringify(times)}, CSV of ${csv.length} bytes`);
      assert.equal(csv.toString('latin1').split('\r\n').length, count * STEPS + 2);
      for (const kind of ['png', 'svg'] as const) assert.ok((await heatmap.exported(kind)).length > 10_000);
      // A screen's frame is 16.7 ms; the bounds leave room for a machine that is busy with other things.
      for (const ride of [scrolling, jumping, overview])
        assert.ok(ride.median < 34, `a frame of ${ride.median} ms`);
      assert.ok(Math.max(sorting, filtering, unfiltering, fraction) < 1500);
      assert.deepEqual(heatmap.errors, []);
      await heatmap.close();
    });
  }
});
