import { basename, parse } from 'node:path';
import { chooseNegatives } from '../../src/cpmi/negatives';
import { seededRandom, shuffle } from '../../src/cpmi/negatives/random';
import { NotScorableError, type PreparedTrajectory, prepare } from '../../src/cpmi/score-trajectory';
import { type CpmiSettings, DEFAULT_SETTINGS } from '../../src/cpmi/settings';
import { readTrajectories } from '../../src/trajectory';
import { answerKey, answersEqual } from '../../src/trajectory/answers';
import { type WithSiblings, withSiblings } from '../../src/trajectory/siblings';
import type { Negative } from '../../src/trajectory/trajectory';

/** A labelled trace with the wrong answers that its rewards can be contrasted with. */
export interface Subject extends WithSiblings {
  readonly id: string;
  readonly task: string;
  readonly firstError: number;
  readonly gold: string;
  /** Whether the trace's own answer is gold. */
  readonly arrives: boolean;
  /** The product's own choice first (its first M are what M negatives are), then more of the origins behind it. */
  readonly negatives: readonly Negative[];
}

/** How many wrong answers there are of the product's own choice, and of each origin that it may have passed over. */
const CHOSEN = 8;
const EACH_ORIGIN = 4;

/** What the evaluation says about a file. */
export interface Subjects {
  readonly subjects: readonly Subject[];
  /** Traces without a known first error or gold answer, and records that could not be read. */
  readonly leftOut: number;
}

/**
 * The labelled traces of a file in an order that a fixed seed decides: the first n are a random sample of n, so that an
 * evaluation that was stopped half way speaks of all tasks.
 * @param limit takes so many of them
 */
export async function readSubjects(path: string, limit = Number.POSITIVE_INFINITY): Promise<Subjects> {
  const subjects: Subject[] = [];
  let leftOut = 0;
  for await (const item of withSiblings(readTrajectories({ path }))) {
    const subject = 'problem' in item ? undefined : toSubject(item, parse(basename(path)).name);
    if (subject) subjects.push(subject);
    else leftOut++;
  }
  return { subjects: shuffle(subjects, seededRandom(0, 'subjects')).slice(0, limit), leftOut };
}

function toSubject(item: WithSiblings, file: string): Subject | undefined {
  const { trajectory } = item;
  const { id, firstError, task = file } = trajectory;
  if (firstError === undefined || trajectory.goldAnswer === undefined) return undefined;
  try {
    const { gold, negatives } = prepared(item, { ...DEFAULT_SETTINGS, negatives: CHOSEN });
    const all = withOtherOrigins(item, gold.text, negatives);
    const { finalAnswer } = trajectory;
    const arrives = finalAnswer !== undefined && answersEqual(finalAnswer, gold.text);
    return { ...item, id, task, firstError, gold: gold.text, arrives, negatives: all };
  } catch (error) {
    if (error instanceof NotScorableError) return undefined;
    throw error;
  }
}

/** What the product would ask about a trace. */
export const prepared = (
  { trajectory, siblings }: WithSiblings,
  settings: CpmiSettings,
): PreparedTrajectory => prepare(trajectory, settings, { siblings });

/** Adds results on the way and perturbations where better wrong answers have taken their place. */
function withOtherOrigins(
  { trajectory }: WithSiblings,
  gold: string,
  chosen: readonly Negative[],
): readonly Negative[] {
  const question = trajectory.question.text;
  const texts = trajectory.steps.map((step) => step.text);
  const all = [...chosen];
  const known = new Set(chosen.map((negative) => answerKey(negative.text)));
  for (const steps of [texts, []]) {
    const sources = { question, steps, gold, recorded: [], siblings: [] };
    for (const negative of chooseNegatives(sources, { count: EACH_ORIGIN, seed: DEFAULT_SETTINGS.seed })) {
      const key = answerKey(negative.text);
      if (!known.has(key)) all.push(negative);
      known.add(key);
    }
  }
  return all;
}
