import { describe, expect, it } from 'vitest';
import { scaleFor } from '../../../src/heatmap/colour/scale';
import type { Theme } from '../../../src/heatmap/colour/theme';
import { drawGrid } from '../../../src/heatmap/drawing/grid';
import { layOut } from '../../../src/heatmap/drawing/layout';
import type { Pen } from '../../../src/heatmap/drawing/pen';
import { planPicture } from '../../../src/heatmap/drawing/picture';
import type { Scene } from '../../../src/heatmap/drawing/scene';
import { summarise } from '../../../src/heatmap/model/summary';
import { numbersFor } from '../../../src/heatmap/numbers';
import { withStrings } from '../../../src/heatmap/strings';
import type { RowSize } from '../../../src/heatmap/view-state';
import { type Row, row, storeOf } from './batches';

const EDGES = [-0.5, -0.05, 0.05, 0.5];
const THEME: Theme = {
  kind: 'dark',
  background: '#1f1f1f',
  foreground: '#cccccc',
  muted: '#9d9d9d',
  line: '#454545',
  focus: '#fefefe',
  selected: '#04395e',
  selectedText: '#fffffe',
  hover: '#2a2d2e',
  font: 'sans-serif',
};

function sceneOf(rows: readonly Row[], change: Partial<Scene> & { rowSize?: RowSize } = {}): Scene {
  const store = storeOf(rows);
  const shown = Int32Array.from(rows, (_, i) => i);
  const summary = summarise(store, shown, 'step', -0.2);
  const rowSize = change.rowSize ?? 'comfortable';
  return {
    store,
    rows: shown,
    summary,
    mode: 'step',
    sort: 'file',
    rowSize,
    wording: {
      strings: withStrings({}),
      numbers: numbersFor('en'),
      measure: { name: 'CPMI reward', unit: 'nats per token', detail: '' },
      threshold: -0.2,
    },
    scale: scaleFor('dark', EDGES),
    theme: THEME,
    layout: layOut({ width: 1000, height: 400, rows: rows.length, columns: summary.columns, rowSize }),
    offset: { top: 0, left: 0 },
    ...change,
  };
}

/** Writes down what is drawn. */
class Recorder implements Pen {
  readonly rects: { x: number; y: number; fill: string }[] = [];
  readonly texts: string[] = [];
  readonly frames: string[] = [];
  polygons = 0;
  lines = 0;
  depth = 0;
  rect(x: number, y: number, _w: number, _h: number, fill: string): void {
    this.rects.push({ x, y, fill });
  }
  polygon(): void {
    this.polygons++;
  }
  line(): void {
    this.lines++;
  }
  frame(_x: number, _y: number, _w: number, _h: number, stroke: string): void {
    this.frames.push(stroke);
  }
  text(text: string): void {
    this.texts.push(text);
  }
  clip(): void {
    this.depth++;
  }
  unclip(): void {
    this.depth--;
  }
}

function drawn(scene: Scene): Recorder {
  const pen = new Recorder();
  drawGrid(pen, scene);
  expect(pen.depth).toBe(0);
  return pen;
}

describe('drawGrid', () => {
  it('draws each cell in its band, low ones with a mark and their number', () => {
    const scene = sceneOf([row([0.7, -0.6], { id: 'one' })]);
    const pen = drawn(scene);
    const { gutter, columnWidth, header } = scene.layout;
    expect(pen.rects).toContainEqual({ x: gutter, y: header, fill: scene.scale.colours[4] });
    expect(pen.rects).toContainEqual({ x: gutter + columnWidth, y: header, fill: scene.scale.colours[0] });
    expect(pen.polygons).toBe(1);
    expect(pen.texts).toEqual(
      expect.arrayContaining(['one', '+0.70', '\u22120.60', '1', '2', 'mean', 'lowest']),
    );
  });

  it('draws a step without a reward as a frame, in a scored trace crossed out', () => {
    const pending = drawn(sceneOf([row([Number.NaN, Number.NaN])]));
    expect([pending.frames, pending.lines]).toEqual([[THEME.line, THEME.line], 0]);
    const gap = drawn(sceneOf([row([0.1, Number.NaN])]));
    expect([gap.frames, gap.lines]).toEqual([[THEME.line], 1]);
  });

  it('says in its row why a trace failed', () => {
    const scene = sceneOf([row([0.1]), row([0.2])]);
    scene.store.fail(1, 'too $& long');
    expect(drawn(scene).texts).toContain('could not be scored: too $& long');
  });

  it('tells outcomes apart by shape', () => {
    const strokes = (outcome: 'right' | 'wrong' | 'unknown') =>
      drawn(sceneOf([row([0.1], { outcome })])).lines;
    expect([strokes('right'), strokes('wrong'), strokes('unknown')]).toEqual([1, 2, 0]);
  });

  it('frames the active cell and lights up its row', () => {
    const cell = { firstColumn: 0, lastColumn: 0, firstStep: 0, lastStep: 0 };
    const pen = drawn(
      sceneOf([row([0.1]), row([0.1])], { active: { at: 1, cell }, hovered: { at: 0, cell } }),
    );
    expect(pen.frames).toEqual([THEME.foreground, THEME.focus, THEME.background]);
    expect(pen.rects.filter(({ fill }) => fill === THEME.selected)).toHaveLength(1);
    expect(pen.rects.filter(({ fill }) => fill === THEME.hover)).toHaveLength(1);
  });

  it('costs what is in view, not what there is', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => row([Math.sin(i), 0.3, -0.9]));
    const top = drawn(sceneOf(many));
    const middle = drawn(sceneOf(many, { offset: { top: 240_000, left: 0 } }));
    for (const pen of [top, middle]) expect(pen.rects.length).toBeLessThan(100);
  });

  it('marks low steps and counts rows where rows are thin', () => {
    const thin = drawn(
      sceneOf(
        Array.from({ length: 60 }, () => row([-0.9, 0.9])),
        { rowSize: 'overview' },
      ),
    );
    expect(thin.polygons).toBe(0);
    const ink = scaleFor('dark', EDGES).inks[0];
    expect(thin.rects.filter(({ fill }) => fill === ink)).toHaveLength(60);
    expect(thin.texts).toEqual(expect.arrayContaining(['1', '16', '31', '46']));
  });
});

describe('planPicture', () => {
  const many = Array.from({ length: 100 }, (_, i) => row([0.1, -0.9], { id: `t${i}` }));
  const limits = { cells: 1000, width: 4000, height: 8000 };
  const paint = (scene: Scene, within = limits) => {
    const picture = planPicture(scene, 'file.jsonl', within);
    const pen = new Recorder();
    picture.draw(pen);
    return { picture, pen };
  };

  it('takes all rows where they fit, wherever the view is scrolled', () => {
    const { picture, pen } = paint(sceneOf(many, { offset: { top: 1200, left: 0 } }));
    expect([picture.firstRow, picture.endRow]).toEqual([0, 100]);
    expect(pen.texts).toEqual(expect.arrayContaining(['file.jsonl', 'Rows 1 to 100 of 100', 't0', 't99']));
    expect(pen.texts).toContain('CPMI reward (nats per token)');
    expect(pen.texts).toContain('low: under \u22120.2');
  });

  it('begins with the first row in view where not all fit, and says so', () => {
    const { picture, pen } = paint(sceneOf(many, { offset: { top: 24 * 30, left: 0 } }), {
      ...limits,
      cells: 40,
    });
    expect([picture.firstRow, picture.endRow]).toEqual([30, 50]);
    expect(pen.texts).toContain('Rows 31 to 50 of 100');
    expect(pen.texts).not.toContain('t50');
  });

  it('keeps to its limits', () => {
    const wide = [row(new Array(500).fill(0.1))];
    for (const height of [300, 900]) {
      const { picture } = paint(sceneOf([...many, ...wide]), { cells: 300, width: 1200, height });
      expect(picture.height).toBeLessThanOrEqual(height);
      expect(picture.width).toBeLessThanOrEqual(1200);
    }
  });

  it('leaves out the pointer and the selection', () => {
    const cell = { firstColumn: 0, lastColumn: 0, firstStep: 0, lastStep: 0 };
    const { pen } = paint(sceneOf(many, { active: { at: 0, cell }, hovered: { at: 1, cell } }));
    expect(pen.frames).not.toContain(THEME.focus);
    expect(pen.rects.some(({ fill }) => fill === THEME.selected || fill === THEME.hover)).toBe(false);
  });
});
