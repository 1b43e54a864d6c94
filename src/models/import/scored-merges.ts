/**
 * The merges of a SentencePiece BPE, which keeps none: every way to make a token out of two others, those with the higher
 * score first. Of one token's the longer beginning comes first; which of them a text takes is decided by what was merged
 * before.
 * @param scores one a token
 */
export function scoredMerges(tokens: readonly string[], scores: readonly number[]): [string, string][] {
  const known = new Set(tokens);
  const merges: { left: string; right: string; score: number; length: number }[] = [];
  tokens.forEach((token, id) => {
    const characters = [...token];
    for (let length = characters.length - 1; length > 0; length--) {
      const [left, right] = [characters.slice(0, length).join(''), characters.slice(length).join('')];
      if (known.has(left) && known.has(right)) merges.push({ left, right, score: scores[id] ?? 0, length });
    }
  });
  merges.sort((a, b) => b.score - a.score || b.length - a.length);
  return merges.map(({ left, right }) => [left, right]);
}
