import { type Box, findBoxes } from './braces';
import { answerKey } from './equality';
import { findMarkers } from './markers';
import { splitSentences } from './sentences';
import { LONGEST_ANSWER, readValue } from './value';

export interface CutStep {
  /** The step up to the answer's statement, a prefix of the step without white space at its end. */
  readonly text: string;
  /** The statement, or undefined where there was none to cut. */
  readonly cut: string | undefined;
}

/** What models put behind their answer: it goes with the statement before it, and only then. */
const AFTERTHOUGHT = /^[\s*_]{0,4}i hope (?:it|this|that|the) .{0,40}$|^[\s$*_.\\)\]]{1,8}$/iu;

/** A connective at the end of the words ahead of a statement: it belongs to the statement. */
const CONNECTIVE =
  /(?:^|[\s,;:.—–-])(?:so|thus|hence|therefore|and|and so|and thus|then|finally|which means(?: that)?|this means(?: that)?|it follows that|we (?:find|get|have|see|conclude)(?: that)?|consequently|now|now that|overall|in conclusion|in total|to conclude|(?:based on|from) (?:the|this|these|our) (?:above )?(?:analysis|steps?|calculations?|reasoning|information|results?))\s?[,:]?\s{0,3}$/iu;

/** A label that is nothing on its own: "Step 5:", "5.", "Thought 3:", "**", "Solution". */
const LABEL =
  /^[\s*_#>-]{0,6}(?:(?:step|thought|solution|conclusion|result)\b)?[\s*_]{0,3}\d{0,4}[\s*_.:)-]{0,6}$/iu;

/**
 * Words by which a sentence reasons and does not only state. "The remainder when dividing 20 by 8" describes what was
 * asked, so words that follow "when" or "after" are left out.
 */
const REASONING =
  /\b(?:since|because|given that|as we|which (?:is|equals|gives|means))\b|(?<!\b(?:when|after|of|before|while|is|are|was|were)\s)\b(?:using|substituting|dividing|multiplying|adding|subtracting|calculating|simplifying|rearranging)\b|\bwe (?:can |must |need to |have to |now )?(?:use|substitute|divide|multiply|add|subtract|calculate|simplify)\b/iu;
const OPERATOR = /[+*/×÷·=]|\d\s{0,2}[-−]\s{0,2}\d|\\(?:times|cdot|div|frac|sqrt)(?![A-Za-z])/u;

const DELIMITERS_AHEAD = /(?:\\\(|\\\[|\$\$?|\*\*|\s)+$/u;

/** The words ahead of a box without the delimiters that open its formula; the place where those delimiters start. */
function aheadOf(box: Box, sentence: string): { lead: string; start: number } {
  const ahead = sentence.slice(Math.max(0, box.start - 4 * LONGEST_ANSWER), box.start);
  const bare = DELIMITERS_AHEAD.exec(ahead.slice(-20));
  const start = box.start - (bare?.[0].length ?? 0);
  return { lead: sentence.slice(0, start), start };
}

/** Words that need the box to go on: a sentence can't end behind them. */
const OPEN_END =
  /(?:\b(?:is|are|was|were|be|equals?|of|to|least|most|has|have|had|there|with|for|by|get|gets|got|a|an|the|exactly|only)|[:,=(])$/iu;
/** The connective of a last clause that draws the conclusion. */
const LAST_CLAUSE = /,\s(?:and\s)?so\s|,?\s(?:and\s)?(?:thus|hence|therefore)[,\s]/giu;

/** Whether the words ahead of a box say its number themselves, so that the box only repeats it: "in 12th place. \boxed{12}". */
function saysAlready(lead: string, content: string): boolean {
  if (OPEN_END.test(lead.slice(-20))) return false;
  const numbers = lead.slice(-80).match(/[-−]?\$?\d[\d,]*(?:\.\d+)?/gu) ?? [];
  const key = answerKey(content);
  return numbers.some((number) => answerKey(number) === key);
}

/** Whether the words from a place on only state what the box behind them holds. */
function onlyStates(lead: string): boolean {
  if (REASONING.test(lead)) return false;
  return !lead.endsWith('=') || !OPERATOR.test(lead.slice(0, -1));
}

/** Where the statement starts that a sentence makes by its last box: at 0, or where the box or its clause begins. */
function boxedStatement(sentence: string): number | undefined {
  const box = findBoxes(sentence).at(-1);
  if (box === undefined || box.content.trim() === '' || sentence.includes('=', box.end)) return undefined;
  const { lead, start } = aheadOf(box, sentence);
  if (lead.replace(/[\s*_#>-]/gu, '') === '') return 0;
  if (saysAlready(lead, box.content)) return start;
  const clause = [...lead.matchAll(LAST_CLAUSE)].at(-1);
  if (clause !== undefined && onlyStates(lead.slice(clause.index + clause[0].length))) return clause.index;
  return onlyStates(lead) ? 0 : undefined;
}

/** Where "the answer is X" starts in a sentence, its connective included, if X ends the sentence without a reason. */
function announcedStatement(sentence: string): number | undefined {
  const marker = findMarkers(sentence)[0];
  if (marker === undefined) return undefined;
  const words = sentence.slice(marker.value);
  if (words.length > 3 * LONGEST_ANSWER || /[,;]?\s(?:because|since)\s/iu.test(words)) return undefined;
  if (readValue(words) === undefined) return undefined;
  let start = marker.start;
  for (let round = 0; round < 4; round++) {
    const connective = CONNECTIVE.exec(sentence.slice(Math.max(0, start - 40), start));
    if (connective === null) break;
    start -= connective[0].length;
  }
  while (start > 0 && /[\s,;:*_#>–—-]/u.test(sentence[start - 1] ?? '')) start--;
  return start;
}

/** Where a sentence of its own kind starts: `#### 58`, `<answer>58</answer>`. */
function markedStatement(sentence: string): number | undefined {
  const hash = sentence.lastIndexOf('####');
  if (
    hash >= 0 &&
    sentence.length - hash < LONGEST_ANSWER &&
    readValue(sentence.slice(hash + 4)) !== undefined
  ) {
    return hash;
  }
  return /<\/answer>[\s.*]{0,4}$/u.test(sentence) && sentence.includes('<answer>')
    ? sentence.lastIndexOf('<answer>')
    : undefined;
}

const startOfStatement = (sentence: string): number | undefined =>
  markedStatement(sentence) ?? announcedStatement(sentence) ?? boxedStatement(sentence);

/**
 * Cuts the statement of the answer off the end of a step: "The answer is: X", a box alone or at the end of a sentence
 * that only states it, "#### X", and what is said twice. Left in place, it would make the last reward a measure of
 * copying. Whatever reasons stays: a computation that ends in a box, a clause ahead of "so the answer is". Time is
 * linear in the step.
 */
export function cutAnswerSentence(step: string): CutStep {
  const sentences = splitSentences(step);
  let end = step.length;
  let statement: number | undefined;
  for (const { start, end: stop } of sentences.reverse()) {
    const sentence = step.slice(start, stop);
    if (AFTERTHOUGHT.test(sentence)) continue;
    const offset = startOfStatement(sentence);
    if (offset === undefined) break;
    statement = start + offset;
    end = statement;
    if (offset > 0 && sentence.slice(0, offset).trim() !== '') break;
  }
  if (statement === undefined) return { text: step, cut: undefined };
  const kept = step.slice(0, end).trimEnd();
  const text = LABEL.test(kept) ? '' : kept;
  return { text, cut: step.slice(text.length).trim() };
}
