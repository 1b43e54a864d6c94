import { type ExportFormat, jsonLine } from './format';

/**
 * RLHFlow's generative process reward data (RLHFlow/RLHF-Reward-Modeling, `math-rm`): `conversations`, in which the user
 * says a step (the first one behind the question) and the assistant answers `+` or `-`. The format has no place for
 * floats; `id` and `rewards` stand beside it.
 */
export const rlhflow: ExportFormat = {
  id: 'rlhflow',
  label: 'RLHFlow process reward conversations',
  extension: 'jsonl',
  hasNeutral: false,
  write({ id, question, steps }) {
    return jsonLine({
      id,
      conversations: steps.flatMap(({ text, label }, i) => [
        { role: 'user', content: i === 0 ? `${question} ${text}` : text },
        { role: 'assistant', content: label === 'correct' ? '+' : '-' },
      ]),
      rewards: steps.map((step) => step.reward),
    });
  },
};
