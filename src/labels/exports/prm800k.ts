import type { StepLabel } from '../../trajectory/trajectory';
import { type ExportFormat, jsonLine, knownGold } from './format';

const RATINGS: Readonly<Record<StepLabel, number>> = { correct: 1, neutral: 0, incorrect: -1 };

/**
 * PRM800K (Lightman et al., arXiv 2305.20050): `question` (`problem`, `ground_truth_answer`) and `label` (`steps`, each with
 * one of `completions` chosen and rated 1, 0 or -1; `finish_reason`). What the data set says of its labelling stands there
 * empty, as its readers drop or filter by these columns. `reward` and `soft_label` of a completion, and the record's `id`,
 * are additions. Unlike the data set itself a trace does not end at its first wrong step.
 */
export const prm800k: ExportFormat = {
  id: 'prm800k',
  label: 'PRM800K',
  extension: 'jsonl',
  hasNeutral: true,
  write(trace) {
    const { id, question, steps } = trace;
    return jsonLine({
      id,
      labeler: 'steplens',
      timestamp: null,
      generation: null,
      is_quality_control_question: false,
      is_initial_screening_question: false,
      question: { problem: question, ground_truth_answer: knownGold(trace) ?? null },
      label: {
        steps: steps.map(({ text, label, reward, softLabel }) => ({
          completions: [{ text, rating: RATINGS[label], flagged: null, reward, soft_label: softLabel }],
          human_completion: null,
          chosen_completion: 0,
        })),
        finish_reason: steps.some((step) => step.label === 'incorrect') ? 'found_error' : 'solution',
      },
    });
  },
};
