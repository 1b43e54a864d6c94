import { readFinalAnswer } from '../answers';
import type { JsonArray, JsonObject } from '../json';
import { Excerpt, type PlacedText, trimmed } from '../placed';
import type { StepLabel } from '../trajectory';
import type { ReadResult, StepDraft, TraceDraft, TraceFormat } from './format';
import { detectObjects, firstText, negativesOf } from './support';

/**
 * OmegaPRM trees as OpenR writes them: `question`, `final_answer` (the right one) and `reasoning_steps`, either a tree
 * (`text`, `mc_value`, `children`) or a flat list of `solution_prefix` (question and solution so far) and `mc_value`, the
 * share of completions that reached the right answer. Each way from the question to a leaf is a trace; a step is a node.
 * A step from which no completion was right (0) is incorrect. Leaves that end wrong give the wrong answers.
 */
export const omegaprm: TraceFormat = {
  id: 'omegaprm',
  label: 'OmegaPRM tree',
  documentation: 'OpenR, MATH-APS data; arXiv 2406.06592',
  reads: 'json',
  detect: (sample) =>
    detectObjects(
      sample,
      0.97,
      'objects with question and a tree of reasoning_steps with mc_value',
      (record) => {
        const tree = record.object('reasoning_steps') ?? record.array('reasoning_steps')?.objects()[0];
        return Boolean(record.string('question') && tree?.has('mc_value'));
      },
    ),
  *read({ node }): Iterable<ReadResult> {
    const question = node?.kind === 'object' ? node.string('question') : undefined;
    const tree = node?.kind === 'object' ? node.get('reasoning_steps') : undefined;
    if (node?.kind !== 'object' || !question || (tree?.kind !== 'object' && tree?.kind !== 'array')) {
      yield { problem: 'question and reasoning_steps (a tree or a list of prefixes) are expected' };
      return;
    }
    const paths = tree.kind === 'object' ? treePaths(tree) : prefixPaths(tree, question.text);
    yield* readPaths(node, question, paths);
  },
};

/** A tree with more ways than this is no sampled tree: reading it would take the product of its breadth and depth. */
const MAX_PATHS = 20_000;

/** A way through the tree: its steps, and the value of its last node. */
interface Path {
  readonly steps: readonly StepDraft[];
  readonly value: number;
}

function* readPaths(record: JsonObject, question: PlacedText, paths: readonly Path[]): Iterable<ReadResult> {
  const gold = firstText(record, 'final_answer', 'answer');
  const wrong = paths.filter((path) => path.value === 0).map((path) => readFinalAnswer(lastText(path)));
  const negatives = gold ? negativesOf(wrong, 'sibling', gold.text) : [];
  const id = firstText(record, 'question_id', 'id')?.text;
  if (paths.length === 0) yield { problem: 'the tree holds no step' };
  let number = 0;
  if (paths.length > MAX_PATHS)
    yield { problem: `the tree has more ways than can be read; the first ${MAX_PATHS} are read` };
  for (const { steps } of paths.slice(0, MAX_PATHS)) {
    const draft: TraceDraft = { question, steps, negatives, ...(gold && { goldAnswer: gold }) };
    yield id === undefined ? draft : { ...draft, id: `${id}/${++number}` };
  }
}

function lastText(path: Path): string {
  return path.steps.at(-1)?.text.text ?? '';
}

function valueLabel(value: number): StepLabel {
  return value > 0 ? 'correct' : 'incorrect';
}

/** The ways through a tree, without recursion: trees of a thousand levels are read too. */
function treePaths(root: JsonObject): Path[] {
  const paths: Path[] = [];
  const open: { node: JsonObject; steps: readonly StepDraft[] }[] = [{ node: root, steps: [] }];
  for (let top = open.pop(); top; top = open.pop()) {
    const { steps } = top;
    const children = top.node.array('children')?.objects() ?? [];
    if (children.length === 0 && steps.length > 0)
      paths.push({ steps, value: top.node.number('mc_value') ?? 0 });
    for (const node of children.toReversed()) {
      const text = node.string('text');
      const label = valueLabel(node.number('mc_value') ?? 0);
      open.push({ node, steps: text ? [...steps, { text, label }] : steps });
    }
  }
  return paths;
}

/**
 * The ways through a flat list. In sorted order a prefix stands right before everything that goes on from it, so one pass
 * with the open prefixes on a stack finds each one's longest prefix.
 */
function prefixPaths(list: JsonArray, question: string): Path[] {
  const nodes = list.objects().flatMap((node, order) => {
    const text = node.string('solution_prefix');
    return text && text.text !== question ? [{ text, order, value: node.number('mc_value') ?? 0 }] : [];
  });
  nodes.sort((a, b) => (a.text.text < b.text.text ? -1 : a.text.text > b.text.text ? 1 : a.order - b.order));
  const stack: typeof nodes = [];
  const found: { order: number; path: Path }[] = [];
  nodes.forEach((node, index) => {
    const next = nodes[index + 1]?.text.text;
    if (next === node.text.text) return;
    while (stack.length > 0 && !node.text.text.startsWith(stack.at(-1)?.text.text ?? '')) stack.pop();
    stack.push(node);
    if (next?.startsWith(node.text.text)) return;
    let from = node.text.text.startsWith(question) ? question.length : 0;
    const steps = stack.map((part) => {
      const text = trimmed(new Excerpt(node.text, from, part.text.text.length));
      from = part.text.text.length;
      return { text, label: valueLabel(part.value) };
    });
    found.push({ order: node.order, path: { steps, value: node.value } });
  });
  return found.sort((a, b) => a.order - b.order).map((leaf) => leaf.path);
}
