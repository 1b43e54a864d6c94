/** Numbers as the user's language writes them. */
export interface Numbers {
  /** With its sign and two decimals: `+0.42`. */
  reward(value: number): string;
  /** The edge of a band: no more decimals than it has. */
  edge(value: number): string;
  count(value: number): string;
}

/** @param locale BCP 47 tag; one that the browser does not know falls back to English */
export function numbersFor(locale: string): Numbers {
  const known = supported(locale);
  const reward = new Intl.NumberFormat(known, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    signDisplay: 'exceptZero',
  });
  const edge = new Intl.NumberFormat(known, { maximumFractionDigits: 4, signDisplay: 'exceptZero' });
  const count = new Intl.NumberFormat(known);
  return {
    reward: (value) => typographic(reward.format(value)),
    edge: (value) => typographic(edge.format(value)),
    count: (value) => count.format(value),
  };
}

function supported(locale: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale)[0] ?? 'en';
  } catch {
    return 'en'; // not a language tag at all
  }
}

/** A minus as wide as the plus, so that signed numbers line up. */
const typographic = (text: string): string => text.replace('-', '\u2212');
