import { answersEqual, normaliseAnswer, readChoice } from '../../trajectory/answers';

/** An option of a multiple-choice question. Bulleted options have no letter. */
export interface Option {
  readonly letter?: string;
  readonly text: string;
}

const LETTERED_LINE = /^\s{0,8}(?:[-*]\s{1,3})?(?:\*\*)?[([]?([A-Za-z])[)\].:](?:\*\*)?[ \t]{0,4}(.*)$/u;
const INLINE = /(?:^|\s)[([]([A-Za-z])[)\]]\s|(?:^|\s)([A-Z])\)\s/gu;
const OPTIONS_HEADING = /^[\s*#]{0,8}(?:options|choices|answer choices)[\s*]{0,4}:?[\s*]{0,4}$/iu;
const BULLET = /^\s{0,8}[-*•]\s{1,3}(\S.*)$/u;

const letterAt = (index: number) => String.fromCharCode(65 + index);

/** The last run of options A, B, C… that has at least two. */
function lastRun(found: readonly { letter: string; text: string }[]): Option[] {
  let best: Option[] = [];
  let run: Option[] = [];
  for (const option of found) {
    if (option.letter === 'A') run = [];
    if (option.letter !== letterAt(run.length)) continue;
    run = [...run, option];
    if (run.length >= 2) best = run;
  }
  return best;
}

function letteredLines(question: string): Option[] {
  const found: { letter: string; text: string }[] = [];
  for (const line of question.split('\n')) {
    const match = LETTERED_LINE.exec(line);
    if (match?.[1] !== undefined)
      found.push({ letter: match[1].toUpperCase(), text: (match[2] ?? '').trim() });
  }
  return lastRun(found);
}

function letteredInline(question: string): Option[] {
  const marks = [...question.matchAll(INLINE)];
  return lastRun(
    marks.map((mark, i) => ({
      letter: (mark[1] ?? mark[2] ?? '').toUpperCase(),
      text: question.slice(mark.index + mark[0].length, marks[i + 1]?.index ?? question.length).trim(),
    })),
  );
}

function bulleted(question: string): Option[] {
  const lines = question.split('\n');
  const heading = lines.findLastIndex((line) => OPTIONS_HEADING.test(line));
  const options: Option[] = [];
  for (const line of heading < 0 ? [] : lines.slice(heading + 1)) {
    const text = BULLET.exec(line)?.[1];
    if (text !== undefined) options.push({ text: text.trim() });
    else if (line.trim() !== '') break;
  }
  return options.length >= 2 ? options : [];
}

/** The options that a question offers: "(A) …" or "A: …" or "A) …" by line or in a row, or bullets under "Options:". */
export function readOptions(question: string): Option[] {
  for (const read of [letteredLines, letteredInline, bulleted]) {
    const options = read(question);
    if (options.length > 0) return options;
  }
  return [];
}

/** The option that an answer names by its letter or by its text. */
export function findOption(answer: string, options: readonly Option[]): Option | undefined {
  const letter = readChoice(normaliseAnswer(answer))?.letter;
  const lettered = letter === undefined ? undefined : options.find((option) => option.letter === letter);
  return lettered ?? options.find((option) => option.text !== '' && answersEqual(option.text, answer));
}

/** An option as gold is printed: "(C)" where gold is "(A)", "C" for "A", "(C) the bus" for "(A) the car", else its text. */
export function printOption(option: Option, gold: string): string {
  const printed = normaliseAnswer(gold);
  const choice = readChoice(printed);
  if (choice === undefined || option.letter === undefined) return normaliseAnswer(option.text);
  const withText = printed.length > choice.withLetter(choice.letter).length;
  return choice.withLetter(option.letter) + (withText ? ` ${normaliseAnswer(option.text)}` : '');
}

/** The options that are not gold, printed as gold is; none where gold is no option of the question. */
export function optionNegatives(options: readonly Option[], gold: string): string[] {
  const right = findOption(gold, options);
  if (right === undefined) return [];
  return options.filter((option) => option !== right).map((option) => printOption(option, gold));
}
