/**
 * A short trace of arithmetic, number `i` of up to 40,000 that are all different. Their questions and steps recur, as those of
 * several solutions to one question do, so that most of the work is scoring.
 */
export function traceOf(i: number): object {
  const [a, b] = [(i % 200) + 2, (Math.floor(i / 200) % 40) + 3];
  return {
    id: `cards-${i}`,
    question: `Ada has ${a} cards. She gets more of them and puts all into rows. How many cards are there?`,
    steps: [`Ada gets ${b} cards, and ${Math.floor(i / 8_000)} are lost.`],
    answer: String(a + b),
  };
}
