import type { Pen, TextStyle } from './pen';

/** Rough width of a character as a share of the font size; an SVG is written without a font to measure by. */
const CHARACTER = 0.56;

/** Draws into an SVG document. Texts are escaped: nothing of a trace can become markup. */
export class SvgPen implements Pen {
  private readonly parts: string[] = [];
  private clips = 0;

  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly font: string,
  ) {}

  rect(x: number, y: number, width: number, height: number, fill: string): void {
    this.parts.push(
      `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${escapeXml(fill)}"/>`,
    );
  }

  polygon(points: readonly number[], fill: string): void {
    this.parts.push(`<polygon points="${points.map(n).join(' ')}" fill="${escapeXml(fill)}"/>`);
  }

  line(points: readonly number[], stroke: string, width: number): void {
    const attributes = `fill="none" stroke="${escapeXml(stroke)}" stroke-width="${n(width)}" stroke-linecap="round"`;
    this.parts.push(`<polyline points="${points.map(n).join(' ')}" ${attributes}/>`);
  }

  frame(x: number, y: number, width: number, height: number, stroke: string, thickness: number): void {
    const inset = thickness / 2;
    const size = `width="${n(width - thickness)}" height="${n(height - thickness)}"`;
    const line = `fill="none" stroke="${escapeXml(stroke)}" stroke-width="${n(thickness)}"`;
    this.parts.push(`<rect x="${n(x + inset)}" y="${n(y + inset)}" ${size} ${line}/>`);
  }

  text(text: string, x: number, y: number, style: TextStyle): void {
    const anchor = { left: 'start', center: 'middle', right: 'end' }[style.align];
    const weight = style.bold === true ? ' font-weight="bold"' : '';
    const place = `x="${n(x)}" y="${n(y)}" dy=".35em" text-anchor="${anchor}"`;
    const look = `font-size="${n(style.size)}"${weight} fill="${escapeXml(style.colour)}"`;
    this.parts.push(`<text ${place} ${look}>${escapeXml(shorten(text, style))}</text>`);
  }

  clip(x: number, y: number, width: number, height: number): void {
    const id = `c${this.clips++}`;
    const area = `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}"/>`;
    this.parts.push(`<clipPath id="${id}">${area}</clipPath><g clip-path="url(#${id})">`);
  }

  unclip(): void {
    this.parts.push('</g>');
  }

  /** The finished document. */
  toString(): string {
    const size = `width="${n(this.width)}" height="${n(this.height)}" viewBox="0 0 ${n(this.width)} ${n(this.height)}"`;
    const open = `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="${escapeXml(this.font)}">`;
    return `<?xml version="1.0" encoding="UTF-8"?>\n${open}\n${this.parts.join('\n')}\n</svg>\n`;
  }
}

/** Coordinates to a hundredth of a pixel. */
const n = (value: number): string => String(Math.round(value * 100) / 100);

function shorten(text: string, style: TextStyle): string {
  if (style.maxWidth === undefined) return text;
  const room = Math.floor(style.maxWidth / (style.size * CHARACTER));
  const characters = Array.from(text.slice(0, room * 2 + 2));
  return characters.length <= room ? text : `${characters.slice(0, Math.max(room - 1, 0)).join('')}…`;
}

/** Text for element content and attributes alike. Characters that XML cannot carry become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
