/** Text for HTML and SVG, inside elements and quoted attributes. Control characters are shown as a replacement. */
export function escapeHtml(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
  );
}

type Attributes = Readonly<Record<string, string | number>>;

/** An element; attribute values are escaped, `inner` is markup already. */
export function element(name: string, attributes: Attributes = {}, inner = ''): string {
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${typeof value === 'number' ? round(value) : escapeHtml(value)}"`,
  );
  return `<${name}${written.join('')}>${inner}</${name}>`;
}

/** A tooltip of the element that it stands in. */
export const title = (text: string): string => element('title', {}, escapeHtml(text));

const round = (value: number): string => String(Math.round(value * 100) / 100);

/** Maps a range of values to a range of pixels. */
export function linear(from: readonly [number, number], to: readonly [number, number]) {
  const width = from[1] - from[0] || 1;
  return (value: number): number => to[0] + ((value - from[0]) / width) * (to[1] - to[0]);
}

/** Round numbers from `low` to `high`, about `count` of them. */
export function ticks(low: number, high: number, count = 6): number[] {
  const rough = (high - low) / count;
  if (!(rough > 0) || !Number.isFinite(rough)) return [low];
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}
