import { type ExportFormat, jsonLine, knownGold } from './format';

/**
 * Stepwise supervision as TRL's PRMTrainer takes it ("Dataset formats and types", stepwise supervision): `prompt`,
 * `completions` (one text a step), `labels` (one boolean a step). The trainer turns labels into whole numbers, so that a
 * float of 0.9 would count as wrong: labels are booleans, and the floats stand in columns of their own that the trainer
 * passes over, `soft_labels` and `rewards` (nats per token). `id`, `task` and `answer` (gold) as far as known.
 */
export const trl: ExportFormat = {
  id: 'trl',
  label: 'TRL stepwise supervision',
  extension: 'jsonl',
  hasNeutral: false,
  write(trace) {
    const { id, task, question, steps } = trace;
    const gold = knownGold(trace);
    return jsonLine({
      id,
      prompt: question,
      completions: steps.map((step) => step.text),
      labels: steps.map((step) => step.label === 'correct'),
      soft_labels: steps.map((step) => step.softLabel),
      rewards: steps.map((step) => step.reward),
      ...(gold === undefined ? {} : { answer: gold }),
      ...(task === undefined ? {} : { task }),
    });
  },
};
