/**
 * Which step of an older reading each step of a newer one was: the same text from the beginning and from the end; in
 * between, where an edit was made, by number if as many steps are left. Undefined: it was not there.
 */
export function alignSteps(before: readonly string[], after: readonly string[]): (number | undefined)[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const sameLength = before.length === after.length;
  return after.map((_, index) => {
    if (index < head) return index;
    const fromEnd = after.length - 1 - index;
    if (fromEnd < tail) return before.length - 1 - fromEnd;
    return sameLength ? index : undefined;
  });
}
