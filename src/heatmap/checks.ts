/** Small checks of values that came from another process. Each returns the value as its type or throws `Misfit`. */

/** A message does not have the shape that the protocol says. The text names the field and what it wants. */
export class Misfit extends Error {
  override readonly name = 'Misfit';
}

export type Fields = Readonly<Record<string, unknown>>;

export function fields(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Misfit(`${name} must be an object`);
  }
  return value as Fields;
}

/** An own property: what a prototype carries is never part of a message. */
export function own(of: Fields, key: string): unknown {
  return Object.hasOwn(of, key) ? of[key] : undefined;
}

export function text(of: Fields, key: string): string {
  const value = own(of, key);
  if (typeof value !== 'string') throw new Misfit(`${key} must be a string`);
  return value;
}

export function flag(of: Fields, key: string): boolean {
  const value = own(of, key);
  if (typeof value !== 'boolean') throw new Misfit(`${key} must be true or false`);
  return value;
}

export function finite(of: Fields, key: string): number {
  const value = own(of, key);
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Misfit(`${key} must be a number`);
  return value;
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

export function count(of: Fields, key: string): number {
  const value = own(of, key);
  if (!isCount(value)) throw new Misfit(`${key} must be a whole number, 0 or more`);
  return value;
}

export function countOrNull(of: Fields, key: string): number | null {
  return own(of, key) === null ? null : count(of, key);
}

export function oneOf<T extends string>(of: Fields, key: string, choices: readonly T[]): T {
  const value = own(of, key);
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new Misfit(`${key} must be one of ${choices.join(', ')}`);
  return found;
}

/** A list whose entries all pass `is`. */
export function list<T>(of: Fields, key: string, is: (entry: unknown) => entry is T): readonly T[] {
  const value = own(of, key);
  if (!Array.isArray(value)) throw new Misfit(`${key} must be a list`);
  const wrong = value.findIndex((entry) => !is(entry));
  if (wrong >= 0) throw new Misfit(`${key}[${wrong}] is not of the kind expected`);
  return value;
}

export const isText = (value: unknown): value is string => typeof value === 'string';
export const isFiniteNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);
