import type { JsonObject } from '../json';
import type { StepLabel } from '../trajectory';
import type { ReadResult, StepDraft, TraceFormat } from './format';
import { identity, readNegatives } from './normalised';
import { binaryLabels, detectObjects, firstText, stringsOf } from './support';

/**
 * What `steplens label` writes (`<name>.cpmi.jsonl`) and `steplens score --json` prints: `question`, `goldAnswer`,
 * `goldSource`, `finalAnswer`, `negatives` (`text`, `origin`), `model`, `estimator`, `steps` (`text`, `reward`, `label`),
 * with `prompt`, `completions`, `labels`, `rewards` beside them. A gold answer that was the trace's own final answer
 * (`goldSource` of `final`) is not taken for a known right one.
 */
export const steplens: TraceFormat = {
  id: 'steplens',
  label: 'Steplens rewards',
  documentation: 'docs/formats.md: the output of steplens label and steplens score --json',
  reads: 'json',
  detect: (sample) =>
    detectObjects(
      sample,
      0.99,
      'objects with question, steps with rewards, and the model that made them',
      (record) => Boolean(record.string('question') && record.object('model') && stepsOf(record).length > 0),
    ),
  *read({ node }): Iterable<ReadResult> {
    const question = node?.kind === 'object' ? (node.string('question') ?? node.string('prompt')) : undefined;
    const steps = node?.kind === 'object' ? stepsOf(node) : [];
    if (node?.kind !== 'object' || !question || steps.length === 0) {
      yield { problem: 'question and steps with text and reward are expected' };
      return;
    }
    const gold = node.string('goldSource')?.text === 'final' ? undefined : firstText(node, 'goldAnswer');
    const final = firstText(node, 'finalAnswer');
    yield {
      question,
      steps,
      ...identity(node),
      negatives: readNegatives(node),
      ...(gold && { goldAnswer: gold }),
      ...(final && { finalAnswer: final.text }),
    };
  },
};

function stepsOf(record: JsonObject): StepDraft[] {
  const steps = record.array('steps')?.objects() ?? [];
  if (steps.length > 0) {
    return steps.flatMap((step): StepDraft[] => {
      const text = step.string('text');
      const label = labelOf(step.string('label')?.text);
      if (!text || !step.has('reward')) return [];
      return [label ? { text, label } : { text }];
    });
  }
  const texts = record.has('rewards') ? (stringsOf(record, 'completions') ?? []) : [];
  const labels = binaryLabels(record.array('labels'));
  return texts.map((text, index) => {
    const label = labels[index];
    return label ? { text, label } : { text };
  });
}

function labelOf(word: string | undefined): StepLabel | undefined {
  return word === 'correct' || word === 'neutral' || word === 'incorrect' ? word : undefined;
}
