import { Excerpt, type PlacedText } from '../../placed';

/** The marks that reasoning models put around their thoughts. */
const TAG = /<\/?(?:think|thinking|thought|reasoning)>|<\|(?:begin|end)_of_(?:thought|solution)\|>/gi;

/** Whether a text holds a thought's marks; the opening one is often missing, as the prompt ended with it. */
export function hasThinkTags(text: string): boolean {
  return text.includes('<') && text.search(TAG) >= 0;
}

/** The stretches between the marks: thought and answer, or one stretch where there are no marks. Blank ones are left out. */
export function thinkSegments(placed: PlacedText): PlacedText[] {
  if (!placed.text.includes('<')) return placed.text.trim() === '' ? [] : [placed];
  const segments: PlacedText[] = [];
  let from = 0;
  const add = (to: number): void => {
    if (placed.text.slice(from, to).trim() !== '') segments.push(new Excerpt(placed, from, to));
  };
  for (const tag of placed.text.matchAll(TAG)) {
    add(tag.index);
    from = tag.index + tag[0].length;
  }
  if (from === 0) return placed.text.trim() === '' ? [] : [placed];
  add(placed.text.length);
  return segments;
}
