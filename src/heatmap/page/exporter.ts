import { type Picture, planPicture } from '../drawing/picture';
import type { Scene } from '../drawing/scene';
import { SvgPen } from '../drawing/svg-pen';
import { csvOf } from '../exports/csv';
import type { ExportKind } from '../protocol';
import { CanvasPen } from './canvas-pen';

/** What canvases and SVG viewers manage; sizes in CSS pixels. */
const LIMITS = {
  png: { cells: 400_000, width: 8000, height: 8000 },
  svg: { cells: 60_000, width: 16_000, height: 60_000 },
};
/** Device pixels of a PNG: about 256 MB while it is drawn. */
const MOST_PIXELS = 64_000_000;

/**
 * The shown traces as a file's bytes.
 * @throws {Error} the browser cannot draw or encode a picture of this size
 */
export async function exportAs(
  kind: ExportKind,
  scene: Scene,
  title: string,
): Promise<Uint8Array<ArrayBuffer>> {
  if (kind === 'csv') return csv(scene);
  const picture = planPicture(scene, title, LIMITS[kind]);
  return kind === 'svg' ? svg(picture, scene.theme.font) : png(picture, scene.theme.font);
}

function svg(picture: Picture, font: string): Uint8Array<ArrayBuffer> {
  const pen = new SvgPen(picture.width, picture.height, font);
  picture.draw(pen);
  return new TextEncoder().encode(pen.toString());
}

async function png(picture: Picture, font: string): Promise<Uint8Array<ArrayBuffer>> {
  const scale = Math.min(2, Math.sqrt(MOST_PIXELS / (picture.width * picture.height)));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const context = canvas.getContext('2d', { alpha: false });
  if (context === null) throw new Error('the browser offers no canvas of this size');
  const pen = new CanvasPen(context);
  pen.begin(scale, font);
  picture.draw(pen);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('the browser could not encode the picture');
  return new Uint8Array(await blob.arrayBuffer());
}

async function csv({ store, rows, wording }: Scene): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: BlobPart[] = [];
  for (const piece of csvOf(store, rows, wording.threshold)) {
    pieces.push(piece);
    await new Promise((resolve) => setTimeout(resolve)); // let the page draw and answer
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/** A file name from the traced file's name: letters, digits, dots, dashes and underscores. */
export function exportName(title: string, kind: ExportKind): string {
  const stem = title
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 80);
  return `${stem === '' ? 'heatmap' : `${stem}.heatmap`}.${kind}`;
}
