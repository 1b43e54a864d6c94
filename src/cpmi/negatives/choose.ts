import { answerKey, answersEqual, normaliseAnswer } from '../../trajectory/answers';
import type { Negative, NegativeOrigin } from '../../trajectory/trajectory';
import { intermediateResults } from './intermediates';
import { findOption, type Option, optionNegatives, printOption, readOptions } from './options';
import { perturbations } from './perturbations';
import { seededRandom, shuffle } from './random';

/** All that negatives are chosen from. */
export interface NegativeSources {
  readonly question: string;
  readonly steps: readonly string[];
  readonly gold: string;
  /** Wrong answers that the file records with the trace, with their origin. */
  readonly recorded: readonly Negative[];
  /** Final answers of other solutions to the same question, right ones among them. */
  readonly siblings: readonly string[];
  /** The trace's own final answer; leave it out where the file says that it is right in other words than gold. */
  readonly finalAnswer?: string;
}

export interface NegativeChoice {
  /** M: at most so many are chosen. */
  readonly count: number;
  readonly seed: number;
}

/** The longest negative, in UTF-16 code units; where gold itself is longer, `LONGEST_LIKE_GOLD`. */
const LONGEST = 32;
const LONGEST_LIKE_GOLD = 200;

interface Tier {
  readonly origin: NegativeOrigin;
  readonly texts: readonly string[];
}

/** What of gold decides how a candidate is shown. */
interface Gold {
  readonly text: string;
  readonly options: readonly Option[];
  /** The option that gold is, if it is one. */
  readonly option: Option | undefined;
  readonly key: string;
  readonly longest: number;
}

function readGold(gold: string, question: string): Gold {
  const options = readOptions(question);
  const longest = normaliseAnswer(gold).length > LONGEST ? LONGEST_LIKE_GOLD : LONGEST;
  return { text: gold, options, option: findOption(gold, options), key: answerKey(gold), longest };
}

/** The candidates in the order of preference. Numbers on the way are candidates only where gold is a number. */
function tiers(sources: NegativeSources, gold: Gold): Tier[] {
  const { question, steps, recorded, siblings, finalAnswer } = sources;
  const from = (origin: NegativeOrigin) => recorded.filter((n) => n.origin === origin).map((n) => n.text);
  const others = finalAnswer === undefined ? siblings : [...siblings, finalAnswer];
  const results = gold.option === undefined && gold.key.startsWith('#') ? intermediateResults(steps) : [];
  const made = gold.option === undefined ? perturbations(gold.text, question) : [];
  return [
    { origin: 'sibling', texts: [...from('sibling'), ...others] },
    { origin: 'option', texts: [...from('option'), ...optionNegatives(gold.options, gold.text)] },
    { origin: 'intermediate', texts: [...from('intermediate'), ...results] },
    { origin: 'sampled', texts: from('sampled') },
    { origin: 'perturbation', texts: from('perturbation') },
    ...made.map((texts): Tier => ({ origin: 'perturbation', texts })),
  ];
}

/**
 * A candidate in the form in which gold is printed; undefined where it can't stand beside gold: gold itself, empty,
 * too long, or no option of the question where gold is one.
 */
function printLikeGold(text: string, gold: Gold): string | undefined {
  const option = gold.option === undefined ? undefined : findOption(text, gold.options);
  if (gold.option !== undefined && (option === undefined || option === gold.option)) return undefined;
  const printed = option === undefined ? normaliseAnswer(text) : printOption(option, gold.text);
  if (printed === '' || printed.length > gold.longest) return undefined;
  return answersEqual(text, gold.text) || answersEqual(printed, gold.text) ? undefined : printed;
}

/** The different answers among the candidates of one tier that are not taken yet, by their key. */
function freshAnswers(texts: readonly string[], gold: Gold, taken: ReadonlySet<string>): Map<string, string> {
  const fresh = new Map<string, string>();
  for (const text of texts) {
    const printed = printLikeGold(text, gold);
    if (printed === undefined) continue;
    const key = answerKey(printed);
    const known = fresh.get(key);
    if (!taken.has(key) && (known === undefined || printed < known)) fresh.set(key, printed);
  }
  return fresh;
}

/**
 * Chooses the wrong answers that gold is contrasted with: wrong answers of other solutions and of this one, else the
 * question's other options, else results on the way, else sampled answers, else perturbations of gold. No two are the
 * same answer, none is gold, all are printed as gold is. Within an origin the seed decides, together with question
 * and gold alone: the order in which siblings are found doesn't matter, and the same file gives the same rewards.
 */
export function chooseNegatives(sources: NegativeSources, { count, seed }: NegativeChoice): Negative[] {
  const gold = readGold(sources.gold, sources.question);
  const taken = new Set([gold.key, answerKey(normaliseAnswer(gold.text))]);
  const chosen: Negative[] = [];
  for (const [rank, { origin, texts }] of tiers(sources, gold).entries()) {
    if (chosen.length >= count) break;
    const fresh = freshAnswers(texts, gold, taken);
    const random = seededRandom(seed, `${rank}`, sources.question, gold.text);
    for (const key of shuffle([...fresh.keys()].sort(), random).slice(0, count - chosen.length)) {
      taken.add(key);
      chosen.push({ text: fresh.get(key) ?? '', origin });
    }
  }
  return chosen;
}
