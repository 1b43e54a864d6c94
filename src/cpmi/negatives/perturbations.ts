import { isFormula, parseAnswer } from '../../trajectory/answers';
import { perturbFormula } from './perturb-formula';
import { perturbNumber } from './perturb-number';
import { oppositeWords, swappedWords } from './perturb-words';

/**
 * Wrong answers made from gold, in lists of falling preference: near numbers, near formulas, the opposite of a yes or
 * no, an ordering with neighbours swapped. Empty for other texts: a random word is no hard negative.
 */
export function perturbations(gold: string, question: string): string[][] {
  const { printed, number } = parseAnswer(gold);
  if (number !== undefined) return perturbNumber(printed, number);
  const swapped = swappedWords(printed, question);
  if (swapped.length > 0) return [swapped];
  const opposites = oppositeWords(printed);
  if (opposites.length > 0) return [opposites];
  return isFormula(printed) ? [perturbFormula(printed)] : [];
}
