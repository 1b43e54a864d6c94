import { type ExportFormat, jsonLine } from './format';
import { layOut, MARK } from './marked';

/**
 * OpenRLHF's process reward data (`openrlhf.cli.train_prm --input_key input --label_key value --placeholder_token ки
 * --reward_tokens + -`): `input`, question and steps in one text with the placeholder behind each step; `value`, a list of
 * reward tokens, one a placeholder. `soft_value` has floats in their place, shares of the first reward token, for versions
 * that take them (docs/training.md). `id` and `rewards` (nats per token) are passed over by it.
 */
export const openrlhf: ExportFormat = {
  id: 'openrlhf',
  label: 'OpenRLHF process reward data',
  extension: 'jsonl',
  hasNeutral: false,
  write(trace) {
    const { id, steps } = trace;
    const input = layOut(trace, () => MARK);
    if ('problem' in input) return input;
    return jsonLine({
      id,
      input: input.text,
      value: steps.map((step) => (step.label === 'correct' ? '+' : '-')),
      soft_value: steps.map((step) => step.softLabel),
      rewards: steps.map((step) => step.reward),
    });
  },
};
