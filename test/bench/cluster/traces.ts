/** A short trace of arithmetic, number `i` of as many as are wanted; no two are alike. */
export function traceOf(i: number): object {
  const [a, b, c] = [i + 2, (i % 17) + 3, (i % 5) + 2];
  const sum = a + b;
  return {
    id: `sum-${i}`,
    question: `Ada has ${a} cards and gets ${b} more. She puts them into ${c} equal rows. How many cards are there?`,
    steps: [`${a} and ${b} more are ${sum}.`, `So there are ${sum} cards.`],
    answer: String(sum),
  };
}
