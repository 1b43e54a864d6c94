import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Browser } from 'playwright-core';
import { HeatmapPage, launch } from './harness';

const STEPS = 10;

interface Spread {
  readonly median: number;
  readonly p95: number;
  readonly worst: number;
}

/** What a run of frames was like: milliseconds between two, and the most strokes of the pen in one. */
interface Run {
  readonly ms: Spread;
  readonly strokes: number;
}

/** How a run of frames is made: pixels scrolled between two, and whether rewards keep arriving meanwhile. */
interface Ride {
  readonly by: number;
  readonly liveRows?: number;
}

function spread(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.floor(share * (sorted.length - 1))] ?? 0) * 10) / 10;
  return { median: at(0.5), p95: at(0.95), worst: at(1) };
}

/** Has the page count what it draws, in `window.strokes`. */
function countStrokes(): void {
  const counter = window as unknown as { strokes: number };
  counter.strokes = 0;
  const pen = CanvasRenderingContext2D.prototype;
  for (const name of ['fillRect', 'fillText', 'strokeRect', 'fill', 'stroke'] as const) {
    const draw: (...args: never[]) => void = pen[name];
    Object.defineProperty(pen, name, {
      value(this: CanvasRenderingContext2D, ...args: never[]) {
        counter.strokes += 1;
        draw.apply(this, args);
      },
    });
  }
}

/** Scrolls the grid for a while. */
async function scroll(heatmap: HeatmapPage, ride: Ride): Promise<Run> {
  const { times, strokes } = await heatmap.page.evaluate(async ({ by, liveRows }) => {
    const counter = window as unknown as { strokes: number };
    const grid = document.querySelector('.grid');
    const nextFrame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const between: number[] = [];
    let most = 0;
    let last = await nextFrame();
    for (let i = 0; i < 150 && grid !== null; i++) {
      if (liveRows !== undefined) {
        const rows = Array.from({ length: 20 }, (_, k) => (i * 997 + k) % liveRows);
        const rewards = new Float32Array(20 * 10).map((_, k) => Math.sin(i + k));
        window.postMessage({ type: 'rewards', generation: 1, rows, rewards }, '*');
      }
      counter.strokes = 0;
      grid.scrollTop = (grid.scrollTop + by) % (grid.scrollHeight - grid.clientHeight);
      const now = await nextFrame();
      between.push(now - last);
      last = now;
      most = Math.max(most, counter.strokes);
    }
    return { times: between, strokes: most };
  }, ride);
  return { ms: spread(times), strokes };
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

/** Loads, scrolls, sorts, filters and exports; prints how long each took, and returns the most strokes of a frame. */
async function ride(heatmap: HeatmapPage, count: number): Promise<number> {
  const loading = Math.round(await heatmap.showMany(count, STEPS));
  await heatmap.page.evaluate(countStrokes);
  const scrolling = await scroll(heatmap, { by: 500 });
  const jumping = await scroll(heatmap, { by: count * 3 });
  const sorting = await changing(heatmap, 'sort', 'lowest');
  const live = await scroll(heatmap, { by: 30, liveRows: count });
  const filtering = await changing(heatmap, 'filter-id', '77');
  const unfiltering = await changing(heatmap, 'filter-id', '');
  const fraction = await changing(heatmap, 'columns', 'fraction');
  await changing(heatmap, 'row-size', 'overview');
  const overview = await scroll(heatmap, { by: 100 });
  await heatmap.screenshot(`${count}-overview`);
  await changing(heatmap, 'row-size', 'comfortable');
  await heatmap.screenshot(`${count}`);
  const before = performance.now();
  const csv = await heatmap.exported('csv');
  const exporting = Math.round(performance.now() - before);
  const frames = { scrolling: scrolling.ms, jumping: jumping.ms, live: live.ms, overview: overview.ms };
  const times = { loading, sorting, filtering, unfiltering, fraction, exporting };
  console.info(`${count} traces: ms between frames ${JSON.stringify(frames)}`);
  console.info(`${count} traces: ms ${JSON.stringify(times)}, CSV of ${csv.length} bytes`);
  assert.equal(csv.toString('latin1').split('\r\n').length, count * STEPS + 2);
  for (const kind of ['png', 'svg'] as const) assert.ok((await heatmap.exported(kind)).length > 10_000);
  assert.deepEqual(heatmap.errors, []);
  return Math.max(scrolling.strokes, jumping.strokes, live.strokes);
}

describe('the heatmap page with many traces', () => {
  let browser: Browser;
  before(async () => {
    browser = await launch();
  });
  after(async () => browser.close());

  it('draws no more for 100,000 traces than for 1,000, and exports all of them', async () => {
    const strokes: number[] = [];
    for (const count of [1000, 10_000, 100_000]) {
      const heatmap = await HeatmapPage.open(browser);
      strokes.push(await ride(heatmap, count));
      await heatmap.close();
    }
    console.info(`most strokes of the pen in a frame: ${strokes.join(', ')}`);
    const [few = 0, ...more] = strokes;
    assert.ok(few > 100);
    // Not the same to the stroke: other cells are low, or still empty.
    for (const many of more) assert.ok(many < 1.3 * few, `${many} strokes in a frame, and ${few} for 1,000`);
  });
});
