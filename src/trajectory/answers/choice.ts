/** An option of a multiple-choice question named by its letter: the letter, and the text around it. */
export interface Choice {
  /** Upper case. */
  readonly letter: string;
  /** The printed answer with another letter in its place: "(B)" for A in "(A)". */
  readonly withLetter: (letter: string) => string;
}

const BARE = /^([([]?)([A-Za-z])([)\].:]{0,2})$/u;
const NAMED = /^((?:option|choice|answer)[\s_]{0,2}[([]?)([A-Za-z])([)\].]?)(?=$|\s)/iu;
const WITH_TEXT = /^(\()([A-Za-z])(\))\s\S|^()([A-Z])(\))\s\S/u;

/**
 * Reads "(B)", "B", "b.", "B)", "Option B", "Choice_B" and "(B) the bus" as the option B. A list of options ("(A) or
 * (B)") is none. Takes a normalised answer.
 */
export function readChoice(printed: string): Choice | undefined {
  const match = BARE.exec(printed) ?? NAMED.exec(printed) ?? WITH_TEXT.exec(printed);
  const [before = '', letter] = match?.[2] === undefined ? (match?.slice(4, 6) ?? []) : match.slice(1, 3);
  if (match === null || letter === undefined) return undefined;
  const at = before.length;
  if (/\([A-Za-z]\)/u.test(printed.slice(at + 2))) return undefined;
  const behind = match[3] ?? match[6] ?? '';
  const cased = (other: string) =>
    letter === letter.toLowerCase() ? other.toLowerCase() : other.toUpperCase();
  return { letter: letter.toUpperCase(), withLetter: (other) => `${before}${cased(other)}${behind}` };
}
