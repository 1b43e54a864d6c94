import { InvalidArgumentError } from 'commander';

/** A whole number from `low` to `high`. */
export function whole(low: number, high = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = high === Number.MAX_SAFE_INTEGER ? `of ${low} or more` : `from ${low} to ${high}`;
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`It takes a whole number ${range}.`);
  };
}

/** A finite number of at least `low`. */
export function number(low = Number.NEGATIVE_INFINITY): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isFinite(value) && value >= low) return value;
    throw new InvalidArgumentError(
      low === Number.NEGATIVE_INFINITY ? 'It takes a number.' : `It takes a number of ${low} or more.`,
    );
  };
}
