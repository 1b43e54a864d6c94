import type { JsonObject } from '../json';
import { Excerpt, type PlacedText, trimmed } from '../placed';
import type { StepLabel } from '../trajectory';
import type { ReadResult, TraceFormat } from './format';
import { identity } from './normalised';
import { answerIn, binaryLabel, binaryLabels, detectObjects, labelled } from './support';

/** The mark behind each step ("ки", chosen by the authors because it is one token and occurs in no solution). */
const MARK = 'ки';

/**
 * Math-Shepherd (Wang et al. 2024; peiyi9979/Math-Shepherd): `input`, question and steps with `ки` behind each step;
 * `label`, the same text with `+` or `-` in place of each mark; `task`. Or, as OpenR lays it out: `question`, `process`
 * (the steps with their marks) and `labels`; or, as OpenRLHF does, `input` and `value` (a list of `+` and `-`). A step is `+` where a completion from it reached the right answer, so a `+`
 * behind the last step says that its answer is the right one.
 */
export const mathShepherd: TraceFormat = {
  id: 'math-shepherd',
  label: 'Math-Shepherd',
  documentation: 'peiyi9979/Math-Shepherd on Hugging Face; arXiv 2312.08935; OpenR',
  reads: 'json',
  detect: (sample) =>
    detectObjects(sample, 0.95, `solutions with "${MARK}" behind each step`, (record) =>
      Boolean(
        (record.string('process') ?? record.string('input'))?.text.includes(MARK) && !record.has('messages'),
      ),
    ),
  *read({ node }): Iterable<ReadResult> {
    const text = node?.kind === 'object' ? (node.string('process') ?? node.string('input')) : undefined;
    if (node?.kind !== 'object' || !text?.text.includes(MARK)) {
      yield { problem: `input or process, a solution with "${MARK}" behind each step, is expected` };
      return;
    }
    yield readSolution(node, text);
  },
};

function readSolution(record: JsonObject, text: PlacedText): ReadResult {
  const own = record.string('question');
  const begin = own ? 0 : solutionStart(text.text);
  const { pieces, marks } = cut(text, begin);
  const list = record.array('labels') ?? record.array('value');
  const labels = list ? binaryLabels(list) : signs(record.string('label')?.text ?? '', marks);
  const steps = labelled(pieces, labels);
  const last = pieces.at(-1);
  const outcome = labels[pieces.length - 1];
  const gold = outcome === 'correct' && last ? answerIn(last) : undefined;
  return {
    question: own ?? trimmed(new Excerpt(text, 0, begin)),
    steps,
    ...identity(record),
    ...(outcome && { answerCorrect: outcome === 'correct' }),
    ...(gold && { goldAnswer: gold }),
  };
}

/** Where the steps begin in a text that holds the question too: at "Step 1:", else behind the first line. */
function solutionStart(text: string): number {
  const step = text.search(/\bStep 1\s?:/);
  if (step >= 0) return step;
  const line = text.indexOf('\n');
  return line < 0 || line > text.indexOf(MARK) ? 0 : line;
}

/** The steps, and where each one's mark stands. A rest behind the last mark is a step without a label. */
function cut(text: PlacedText, begin: number): { pieces: PlacedText[]; marks: number[] } {
  const pieces: PlacedText[] = [];
  const marks: number[] = [];
  let from = begin;
  for (let at = text.text.indexOf(MARK, begin); at >= 0; at = text.text.indexOf(MARK, from)) {
    pieces.push(trimmed(new Excerpt(text, from, at)));
    marks.push(at);
    from = at + MARK.length;
  }
  const rest = trimmed(new Excerpt(text, from, text.text.length));
  if (rest.text !== '') pieces.push(rest);
  return { pieces, marks };
}

/** The signs in `label`. Each mark of two characters is one character there, so each one shifts the next by one. */
function signs(label: string, marks: readonly number[]): (StepLabel | undefined)[] {
  return marks.map((at, index) => binaryLabel(label[at - index * (MARK.length - 1)]));
}
