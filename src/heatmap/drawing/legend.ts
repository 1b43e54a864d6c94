import type { Scale } from '../colour/scale';
import type { Theme } from '../colour/theme';
import type { Wording } from '../describe';
import { fill } from '../strings';
import { lowMark } from './marks';
import type { Pen } from './pen';

const SWATCH = { width: 46, height: 12 };

/** Height that `drawLegend` takes, CSS pixels. */
export const LEGEND_HEIGHT = 54;

/** Name and unit of what is shown, the bands with their edges, and what the mark means. */
export function drawLegend(
  pen: Pen,
  at: { readonly x: number; readonly y: number },
  { scale, theme, wording }: { readonly scale: Scale; readonly theme: Theme; readonly wording: Wording },
): void {
  const muted = { colour: theme.muted, size: 11 };
  const { measure, numbers, strings } = wording;
  const title = [`${measure.name} (${measure.unit})`, measure.detail]
    .filter((part) => part !== '')
    .join(' · ');
  pen.text(title, at.x, at.y + 6, { ...muted, align: 'left' });
  const top = at.y + 18;
  scale.colours.forEach((colour, band) => {
    pen.rect(at.x + band * SWATCH.width, top, SWATCH.width - 1, SWATCH.height, colour);
    if (band === scale.neutral) {
      pen.frame(at.x + band * SWATCH.width, top, SWATCH.width - 1, SWATCH.height, theme.line, 1);
    }
  });
  scale.edges.forEach((edge, band) => {
    pen.text(numbers.edge(edge), at.x + (band + 1) * SWATCH.width, top + 22, {
      ...muted,
      size: 10,
      align: 'center',
    });
  });
  const after = at.x + scale.colours.length * SWATCH.width + 16;
  lowMark(pen, after, top + SWATCH.height / 2, 8, theme.foreground);
  pen.text(fill(strings.lowMark, numbers.edge(wording.threshold)), after + 10, top + SWATCH.height / 2, {
    ...muted,
    align: 'left',
  });
}
