/** Words that are each other's wrong answers. */
const FAMILIES: readonly (readonly string[])[] = [
  ['yes', 'no'],
  ['true', 'false'],
  ['valid', 'invalid'],
  ['correct', 'incorrect'],
  ['right', 'wrong'],
  ['possible', 'impossible'],
  ['even', 'odd', 'neither'],
  ['positive', 'negative'],
  ['increasing', 'decreasing'],
  ['entailment', 'contradiction', 'neutral'],
  ['plausible', 'implausible'],
  ['rational', 'irrational'],
  ['convergent', 'divergent'],
  ['converges', 'diverges'],
];

/** The other word in gold's own case. */
function inCaseOf(word: string, gold: string): string {
  if (gold === gold.toUpperCase()) return word.toUpperCase();
  return /^\p{Lu}/u.test(gold) ? `${word.charAt(0).toUpperCase()}${word.slice(1)}` : word;
}

/** The opposites of a one-word answer: "No" for "Yes". None for a word that has no opposite. */
export function oppositeWords(gold: string): string[] {
  const family = FAMILIES.find((words) => words.includes(gold.toLowerCase()));
  return (family ?? []).filter((word) => word !== gold.toLowerCase()).map((word) => inCaseOf(word, gold));
}

const ITEM = /^[\p{L}\d'’-]{1,40}$/u;
const MOST_ITEMS = 60;

/**
 * Gold with two neighbours swapped, where gold is an ordering: at least three different words, parted by spaces or by
 * commas, all of them found in the question but not there in a row, as a name ("New York City") would be.
 */
export function swappedWords(gold: string, question: string): string[] {
  const joint = gold.includes(',') ? ', ' : ' ';
  const items = gold.split(gold.includes(',') ? /\s*,\s*/u : ' ');
  if (items.length < 3 || items.length > MOST_ITEMS || new Set(items).size !== items.length) return [];
  if (!items.every((item) => ITEM.test(item)) || !items.some((item) => /\p{L}{2}/u.test(item))) return [];
  const asked = question.toLowerCase();
  const words = new Set(asked.match(/[\p{L}\d'’-]+/gu) ?? []);
  if (!items.every((item) => words.has(item.toLowerCase())) || asked.includes(gold.toLowerCase())) return [];
  return items.slice(1).map((item, i) => {
    const swapped = [...items];
    [swapped[i], swapped[i + 1]] = [item, items[i] ?? ''];
    return swapped.join(joint);
  });
}
