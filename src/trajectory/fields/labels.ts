import { binaryLabel } from '../formats/support';
import type { JsonNode } from '../json';
import type { StepLabel } from '../trajectory';

const WORDS: Readonly<Record<string, StepLabel>> = {
  correct: 'correct',
  right: 'correct',
  good: 'correct',
  true: 'correct',
  positive: 'correct',
  incorrect: 'incorrect',
  wrong: 'incorrect',
  bad: 'incorrect',
  false: 'incorrect',
  negative: 'incorrect',
  neutral: 'neutral',
  okay: 'neutral',
  ok: 'neutral',
};

/**
 * What a query for labels has matched: one verdict a step (booleans, numbers, signs, words), or one whole number, the
 * index of the first wrong step. Where a verdict is below zero (ratings of 1, 0, -1), 0 is neutral. Verdicts that are not
 * as many as the steps are left out: nobody knows which step they are about.
 */
export function readLabels(
  found: readonly JsonNode[],
  steps: number,
): { readonly labels: readonly (StepLabel | undefined)[]; readonly firstError?: number } {
  const [only] = found;
  if (found.length === 1 && only?.kind === 'number' && steps !== 1) {
    const { value } = only;
    const isIndex = Number.isInteger(value) && value >= -1 && value < steps;
    return { labels: [], ...(isIndex && { firstError: value }) };
  }
  const items = found.flatMap((node) => (node.kind === 'array' ? node.items : [node]));
  if (items.length !== steps) return { labels: [] };
  const rated = items.some((item) => item.kind === 'number' && item.value < 0);
  return { labels: items.map((item) => labelOf(item, rated)) };
}

function labelOf(node: JsonNode, rated: boolean): StepLabel | undefined {
  if (node.kind === 'boolean') return binaryLabel(node.value);
  if (node.kind === 'number') return rated && node.value === 0 ? 'neutral' : binaryLabel(node.value);
  if (node.kind !== 'string') return undefined;
  const word = node.text.trim().toLowerCase();
  return Object.hasOwn(WORDS, word) ? WORDS[word] : binaryLabel(word);
}
