import { findBoxes } from './braces';
import { findMarkers } from './markers';
import { splitSentences } from './sentences';
import { leadingFormula, onlyNumber, readValue } from './value';

interface Found {
  readonly at: number;
  readonly value: string;
}

/** The last complete `\boxed{…}` that holds anything. */
function boxedAnswer(text: string): Found | undefined {
  const box = findBoxes(text).findLast(({ content }) => content.trim() !== '');
  return box === undefined ? undefined : { at: box.start, value: box.content.trim() };
}

/** GSM8K's last line, `#### 58`. A Markdown heading of that level is told from it by what follows it. */
function hashAnswer(text: string): Found | undefined {
  const at = text.lastIndexOf('####');
  if (at < 0 || text[at - 1] === '#' || text[at + 4] === '#') return undefined;
  const after = text.slice(at + 4).trim();
  const line = after.split('\n', 1)[0] ?? '';
  if (line === '' || (line.length < after.length && !/^[-$\d.,\s]+$/u.test(line))) return undefined;
  const value = readValue(line);
  return value === undefined ? undefined : { at, value };
}

/** `<answer>…</answer>`, as reasoning models are asked to write it. */
function taggedAnswer(text: string): Found | undefined {
  const end = text.lastIndexOf('</answer>');
  const at = end < 0 ? -1 : text.lastIndexOf('<answer>', end);
  const value = at < 0 ? undefined : readValue(text.slice(at + '<answer>'.length, end));
  return value === undefined ? undefined : { at, value };
}

/** How far behind its marker an answer is read. A longer one is no answer, but for a box, which is read by itself. */
const LONGEST_STATEMENT = 1000;

/** The last "the answer is X" with something behind it; X ends with its sentence. */
function announcedAnswer(text: string): Found | undefined {
  const markers = findMarkers(text);
  if (markers.length === 0) return undefined;
  const sentences = splitSentences(text);
  let s = sentences.length - 1;
  for (const marker of markers.reverse()) {
    // The sentence that holds the value: the last one that starts ahead of its end. A heading's value starts a new one.
    while (s > 0 && (sentences[s - 1]?.end ?? 0) > marker.value) s--;
    const end = Math.min(sentences[s]?.end ?? text.length, marker.value + LONGEST_STATEMENT);
    const value = readValue(text.slice(marker.value, end));
    if (value !== undefined) return { at: marker.start, value };
  }
  return undefined;
}

const CONCLUSION =
  /^[\s*_]{0,6}(?:so|thus|hence|therefore|consequently|finally|in total|in conclusion|overall)\b/iu;
const COPULA =
  /(?:\b(?:is|are|was|were|be|equals)\b|=)\s{0,3}(?:approximately\s|about\s)?\s{0,3}\*{0,2}(?=\\\(|\\\[|\$|[-−\d])/giu;

const NAMED_CHOICE = /\b(?:[Cc]hoice|[Oo]ption)[\s_\\]{1,3}([A-Z])\b/gu;

/** The option that a sentence names ("… is Choice_B: 1.2 kg"), if it names one only. */
function namedChoice(sentence: string): string | undefined {
  const letters = new Set([...sentence.matchAll(NAMED_CHOICE)].map((match) => match[1]));
  return letters.size === 1 ? [...letters][0] : undefined;
}

/**
 * The answer of a last sentence that draws a conclusion without naming it ("So Sam has 6 apples."): what its last
 * "is" or "=" leads to, or its only number. Several numbers and no "is" at the end: nothing is read, rather than guessed.
 */
function concludedAnswer(text: string): string | undefined {
  const last = splitSentences(text).at(-1);
  const sentence = last === undefined ? '' : text.slice(last.start, last.end);
  if (!CONCLUSION.test(sentence)) return undefined;
  const choice = namedChoice(sentence);
  if (choice !== undefined) return choice;
  const copula = [...sentence.matchAll(COPULA)].at(-1);
  if (copula !== undefined) {
    const rest = sentence.slice(copula.index + copula[0].length);
    const value = readValue(rest);
    if (
      value !== undefined &&
      (leadingFormula(rest) !== undefined || /^[-−$\\]{0,3}\d[\d.,%]*$/u.test(value))
    ) {
      return value;
    }
  }
  return onlyNumber(sentence);
}

/**
 * The answer that a trace's last step arrives at, as written there, without its math delimiters: `\boxed{X}`, `#### X`,
 * `<answer>X</answer>`, "the answer is X" and its kin, the last of them; else the number that a concluding sentence
 * ("So, …", "Therefore, …") arrives at. Undefined where the text says none. Time is linear in the text.
 */
export function readFinalAnswer(text: string): string | undefined {
  const found = [boxedAnswer(text), hashAnswer(text), taggedAnswer(text), announcedAnswer(text)];
  let last: Found | undefined;
  for (const candidate of found) {
    if (candidate !== undefined && (last === undefined || candidate.at > last.at)) last = candidate;
  }
  return last?.value ?? concludedAnswer(text);
}
