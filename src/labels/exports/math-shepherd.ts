import { type ExportFormat, jsonLine } from './format';
import { layOut, MARK } from './marked';

/**
 * Math-Shepherd (Wang et al., arXiv 2312.08935): `input`, question and steps in one text with `ки` behind each step;
 * `label`, the same text with `+` or `-` in place of each mark; `task`. `id`, `rewards` and `soft_labels` are additions.
 */
export const mathShepherd: ExportFormat = {
  id: 'math-shepherd',
  label: 'Math-Shepherd',
  extension: 'jsonl',
  hasNeutral: false,
  write(trace) {
    const { id, task, steps } = trace;
    const input = layOut(trace, () => MARK);
    if ('problem' in input) return input;
    const label = layOut(trace, (i) => (steps[i]?.label === 'correct' ? '+' : '-'));
    if ('problem' in label) return label;
    return jsonLine({
      id,
      input: input.text,
      label: label.text,
      ...(task === undefined ? {} : { task }),
      soft_labels: steps.map((step) => step.softLabel),
      rewards: steps.map((step) => step.reward),
    });
  },
};
