import { ModelImportError } from './import-error';

/** Far above any model there is, and small enough that no product of three of them leaves the exact integers. */
const MOST = 2 ** 24;

/** Reads the numbers of a model's shape, which decide how much is read and written, out of an untrusted file. */
export class Numbers {
  /**
   * @param get the value under a key; undefined or null where there is none
   * @param where the file, for messages
   */
  constructor(
    private readonly get: (key: string) => unknown,
    private readonly where: string,
  ) {}

  /** @throws {ModelImportError} where it is missing and there is no default, or is no whole number that can be */
  whole(key: string, fallback?: number): number {
    const value = this.number(key, fallback);
    if (Number.isInteger(value) && value > 0 && value <= MOST) return value;
    throw new ModelImportError(`${this.where}: ${key} is ${value}, not a whole number from 1 to ${MOST}`);
  }

  /** @throws {ModelImportError} where it is missing and there is no default, or is not above 0 */
  positive(key: string, fallback?: number): number {
    const value = this.number(key, fallback);
    if (value > 0 && Number.isFinite(value)) return value;
    throw new ModelImportError(`${this.where}: ${key} is ${value}, not a number above 0`);
  }

  has(key: string): boolean {
    const value = this.get(key);
    return value !== undefined && value !== null;
  }

  private number(key: string, fallback: number | undefined): number {
    const value = this.has(key) ? this.get(key) : fallback;
    if (value === undefined) throw new ModelImportError(`${this.where} does not say ${key}`);
    const number = typeof value === 'bigint' ? Number(value) : value; // GGUF has 64-bit ones
    if (typeof number === 'number') return number;
    throw new ModelImportError(`${this.where}: ${key} is no number`);
  }
}
