/** Formulas with more whole numbers than this are varied in the first of them only. */
const MOST_LITERALS = 12;

const LITERAL = /(?<![\d.])\d{1,12}(?![\d.]*\.?\d)(?!\d)/gu;
const SIGN = /(?<=[\dA-Za-z)}\]] ?)([+-])(?=[\dA-Za-z\\(])/gu;

/** Whether the number at `at` is the only content of a root: √n is varied as the method says, by 1 and 4. */
const isRoot = (formula: string, at: number) => formula.slice(0, at).endsWith('\\sqrt{');

/** Whether a list of solutions names one twice, as no list of solutions does. A tuple may. */
function repeatsItself(formula: string): boolean {
  if (/^[([]/u.test(formula)) return false;
  const items = formula.split(', ');
  return new Set(items).size < items.length;
}

function variedLiterals(formula: string): string[] {
  const varied: string[] = [];
  for (const match of [...formula.matchAll(LITERAL)].slice(0, MOST_LITERALS)) {
    const [before, behind] = [formula.slice(0, match.index), formula.slice(match.index + match[0].length)];
    const n = BigInt(match[0]);
    const coefficient = /^[A-Za-z\\]/u.test(behind);
    for (const shift of isRoot(formula, match.index) ? [-4n, -1n, 1n, 4n] : [-2n, -1n, 1n, 2n]) {
      const near = n + shift;
      if (near < 0n || (near === 0n && n !== 1n) || (coefficient && near <= 1n)) continue;
      if (near === 0n && /[{/]$/u.test(before)) continue;
      varied.push(`${before}${near}${behind}`);
    }
  }
  return varied;
}

function variedSigns(formula: string): string[] {
  return [...formula.matchAll(SIGN)]
    .slice(0, MOST_LITERALS)
    .map(
      (sign) => formula.slice(0, sign.index) + (sign[0] === '+' ? '-' : '+') + formula.slice(sign.index + 1),
    );
}

/** Minus the formula: the sign of each term turned. Not of lists, relations, or sums inside brackets. */
function negated(formula: string): string[] {
  if (/[,<>=[\]()|]|\\(?:cup|cap|pm|in)(?![A-Za-z])|\{[^{}]*[+-][^{}]*\}/u.test(formula)) return [];
  const turned = formula.replace(SIGN, (sign) => (sign === '+' ? '-' : '+'));
  return [formula.startsWith('-') ? turned.slice(1) : `-${turned}`];
}

/** One item of a list or a tuple with a minus: (3, 4) gives (-3, 4). */
function negatedItems(formula: string): string[] {
  const items = [...formula.matchAll(/(?<=^|[([]|, )(?=[1-9]\d*(?:,|\)|\]|$))/gu)];
  if (!formula.includes(', ')) return [];
  return items
    .slice(0, MOST_LITERALS)
    .map(({ index }) => `${formula.slice(0, index)}-${formula.slice(index)}`);
}

/**
 * Formulas near gold, which is a normalised formula but no number: one whole number in it changed by 1 or 2 (under a
 * root by 1 or 4), one sign between terms turned, the whole or an item of it negated; a lone symbol (π) also doubled,
 * tripled and halved. A number in another base is left alone: its neighbours may have digits that the base lacks.
 */
export function perturbFormula(formula: string): string[] {
  if (formula.includes('_') || formula.length > 200) return [];
  const symbol = /^\\?[A-Za-z]+$/u.test(formula)
    ? [`2${formula}`, `\\frac{${formula}}{2}`, `3${formula}`]
    : [];
  const varied = [...symbol, ...variedLiterals(formula), ...variedSigns(formula)];
  varied.push(...negated(formula), ...negatedItems(formula));
  return varied.filter((near) => !repeatsItself(near));
}
