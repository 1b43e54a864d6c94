/** Draws a token: temperature, then the K likeliest, then of those the fewest with P of the probability. */
export function sampleToken(
  logits: Float32Array,
  { temperature, topK, topP }: { temperature: number; topK: number; topP: number },
  random: () => number,
): number {
  const best: number[] = [];
  let least = Number.NEGATIVE_INFINITY;
  logits.forEach((value, token) => {
    if (best.length === topK && value <= least) return;
    let at = best.length;
    while (at > 0 && (logits[best[at - 1] ?? 0] ?? 0) < value) at--;
    best.splice(at, 0, token);
    if (best.length > topK) best.pop();
    if (best.length === topK) least = logits[best[topK - 1] ?? 0] ?? 0;
  });
  const peak = logits[best[0] ?? 0] ?? 0;
  const weights = best.map((token) => Math.exp(((logits[token] ?? 0) - peak) / temperature));
  const whole = weights.reduce((a, b) => a + b, 0);
  let count = 0;
  for (let sum = 0; count < weights.length && sum < topP * whole; count++) sum += weights[count] ?? 0;
  const kept = weights.slice(0, count);
  let left = random() * kept.reduce((a, b) => a + b, 0);
  for (const [i, weight] of kept.entries()) {
    left -= weight;
    if (left <= 0) return best[i] ?? 0;
  }
  return best[count - 1] ?? 0;
}
