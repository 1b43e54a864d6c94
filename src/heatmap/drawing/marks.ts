import type { Scale } from '../colour/scale';
import type { Theme } from '../colour/theme';
import type { Outcome } from '../protocol';
import type { Pen } from './pen';

/** The mark of a low step: a triangle that points down, centred on x and y. Shape, not colour, says "low". */
export function lowMark(pen: Pen, x: number, y: number, size: number, colour: string): void {
  const half = size / 2;
  const drop = size * 0.42;
  pen.polygon([x - half, y - drop, x + half, y - drop, x, y + drop], colour);
}

/** Whether the answer was right (a tick), wrong (a cross) or is unknown (a dot). */
export function outcomeMark(
  pen: Pen,
  x: number,
  y: number,
  outcome: Outcome,
  theme: Theme,
  scale: Scale,
): void {
  if (outcome === 'right') {
    const colour = scale.colours.at(-1) ?? theme.foreground;
    pen.line([x - 4, y + 0.5, x - 1, y + 3.5, x + 4.5, y - 3.5], colour, 1.8);
  } else if (outcome === 'wrong') {
    const colour = scale.colours[0] ?? theme.foreground;
    pen.line([x - 3.5, y - 3.5, x + 3.5, y + 3.5], colour, 1.8);
    pen.line([x + 3.5, y - 3.5, x - 3.5, y + 3.5], colour, 1.8);
  } else {
    pen.rect(x - 1.5, y - 1.5, 3, 3, theme.muted);
  }
}
