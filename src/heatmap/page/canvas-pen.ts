import type { Pen, TextStyle } from '../drawing/pen';

const KEPT_TEXTS = 4000;

/** Draws on a canvas; `begin` first. */
export class CanvasPen implements Pen {
  /** Shortened texts by font, width and text: measuring is the slowest part of a frame. */
  private readonly shortened = new Map<string, string>();
  private fonts = '';
  private font = '';

  constructor(private readonly context: CanvasRenderingContext2D) {}

  /** Clears the state for a new drawing at `scale` device pixels per CSS pixel. */
  begin(scale: number, fonts: string): void {
    if (fonts !== this.fonts) this.shortened.clear();
    this.fonts = fonts;
    this.font = '';
    this.context.setTransform(scale, 0, 0, scale, 0, 0);
    this.context.textBaseline = 'middle';
    this.context.lineCap = 'round';
    this.context.lineJoin = 'round';
  }

  rect(x: number, y: number, width: number, height: number, fill: string): void {
    this.context.fillStyle = fill;
    this.context.fillRect(x, y, width, height);
  }

  polygon(points: readonly number[], fill: string): void {
    this.trace(points);
    this.context.fillStyle = fill;
    this.context.fill();
  }

  line(points: readonly number[], stroke: string, width: number): void {
    this.trace(points);
    this.context.strokeStyle = stroke;
    this.context.lineWidth = width;
    this.context.stroke();
  }

  frame(x: number, y: number, width: number, height: number, stroke: string, thickness: number): void {
    this.context.strokeStyle = stroke;
    this.context.lineWidth = thickness;
    this.context.strokeRect(x + thickness / 2, y + thickness / 2, width - thickness, height - thickness);
  }

  text(text: string, x: number, y: number, style: TextStyle): void {
    const font = `${style.bold === true ? '600 ' : ''}${style.size}px ${this.fonts}`;
    if (font !== this.font) {
      this.context.font = font;
      this.font = font;
    }
    this.context.textAlign = style.align;
    this.context.fillStyle = style.colour;
    this.context.fillText(style.maxWidth === undefined ? text : this.fitted(text, style.maxWidth), x, y);
  }

  clip(x: number, y: number, width: number, height: number): void {
    this.context.save();
    this.context.beginPath();
    this.context.rect(x, y, width, height);
    this.context.clip();
  }

  unclip(): void {
    this.context.restore();
    this.font = '';
  }

  private trace(points: readonly number[]): void {
    this.context.beginPath();
    for (let i = 0; i + 1 < points.length; i += 2) this.context.lineTo(points[i] ?? 0, points[i + 1] ?? 0);
  }

  private fitted(text: string, width: number): string {
    const key = `${this.font}|${Math.round(width)}|${text}`;
    const kept = this.shortened.get(key);
    if (kept !== undefined) return kept;
    const fitted = this.shorten(text, width);
    if (this.shortened.size >= KEPT_TEXTS) this.shortened.clear();
    this.shortened.set(key, fitted);
    return fitted;
  }

  private shorten(text: string, width: number): string {
    if (this.context.measureText(text).width <= width) return text;
    const characters = Array.from(text);
    let fits = 0;
    let fails = characters.length;
    while (fits + 1 < fails) {
      const middle = (fits + fails) >> 1;
      const part = `${characters.slice(0, middle).join('')}…`;
      if (this.context.measureText(part).width <= width) fits = middle;
      else fails = middle;
    }
    return `${characters.slice(0, fits).join('')}…`;
  }
}
