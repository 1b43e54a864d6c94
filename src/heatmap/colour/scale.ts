import { type Hex, inkOn, mix } from './oklab';
import { DIVERGING, type ThemeKind } from './theme';

/** Colour bands for rewards: `colours` has one entry more than `edges`. */
export interface Scale {
  /** Strictly ascending, nats per token. Band i holds rewards from edge i−1 (inclusive) to edge i (exclusive). */
  readonly edges: readonly number[];
  readonly colours: readonly Hex[];
  /** Black or white for text and marks on each band. */
  readonly inks: readonly Hex[];
  /** The band that holds 0. */
  readonly neutral: number;
}

/** The bands of a theme: the one with 0 is neutral, those below run to orange, those above to blue. */
export function scaleFor(kind: ThemeKind, edges: readonly number[]): Scale {
  const { low, neutral: middle, high } = DIVERGING[kind];
  const neutral = bandOf(edges, 0);
  const colours = Array.from({ length: edges.length + 1 }, (_, band) => {
    if (band === neutral) return middle;
    const [end, rank, ranks] =
      band < neutral ? [low, neutral - band, neutral] : [high, band - neutral, edges.length - neutral];
    // A little more than proportional at the start, so that the first band off neutral is clearly off.
    return mix(middle, end, (rank / ranks) ** 0.8);
  });
  return { edges, colours, inks: colours.map(inkOn), neutral };
}

/** Index of the band that holds `reward`. There are few edges, so a plain walk is fastest. */
export function bandOf(edges: readonly number[], reward: number): number {
  let band = 0;
  for (const edge of edges) {
    if (reward < edge) return band;
    band++;
  }
  return band;
}
