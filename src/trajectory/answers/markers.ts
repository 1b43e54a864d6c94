/** Where a text says that what follows is the answer. `start` is the marker's first character, `value` is behind it. */
export interface Marker {
  readonly start: number;
  readonly value: number;
}

/** "the final answer", "correct option": what the verb or the colon follows. Every repetition is bounded. */
const NOUN =
  '(?:\\b(?:the|my|our)\\s{1,3})?(?:\\b(?:final|correct|right|best)\\s{1,3}){0,2}' +
  '(?:\\banswer(?:\\s{1,3}(?:choice|option))?|(?<=correct\\s{1,3})(?:option|choice))\\b';

/** "to the question", "in metres", "(rounded)": what may stand between noun and verb. */
const GAP =
  '(?:\\s{1,3}(?:to|for|of|in|that|we|here|therefore|then|thus|must|will|would|should)\\b[^.:;=?!\\n]{0,80}?|\\s{0,3}\\([^()\\n]{0,60}\\))?';

const VERB =
  '\\s{1,3}(?:is|are|was|be|equals|becomes)\\b(?!\\s{1,3}(?:not|no longer|incorrect|correct|wrong|right)\\b)';
const SIGN = '\\s{0,3}\\*{0,2}\\s{0,3}(?:[:=]|[-–—](?=\\s))';
const MARK = new RegExp(`${NOUN}(?:${GAP}${VERB}(?:\\s{0,3}:)?|${SIGN})\\s{0,8}\\*{0,2}`, 'giu');

/** A heading over the answer: "**Final Answer**" on a line of its own. */
const HEADING = /(?:^|\n)[ \t*#_>]{0,12}(?:final )?answer[ \t*_.]{0,8}\n\s{0,8}/giu;

/** "A: 26" on a line of its own, and Mr-Ben's "Solution: Choice_C". */
const LINE = /(?:^|\n)[ \t]{0,8}(?:A:(?=\s{1,4}[-$\\(\d])|Solution:(?=\s{0,4}Choice))\s{0,4}/gu;

/** All places of a text where an answer is announced in words, in order. Linear: every pattern is bounded. */
export function findMarkers(text: string): Marker[] {
  const found: Marker[] = [];
  for (const pattern of [MARK, HEADING, LINE]) {
    for (const match of text.matchAll(pattern)) {
      found.push({ start: match.index, value: match.index + match[0].length });
    }
  }
  return found.sort((a, b) => a.value - b.value);
}
