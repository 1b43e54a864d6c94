import { ANSWER_ESTIMATORS } from '../../../src/cpmi/settings';
import { SETTINGS } from '../../../src/editor/settings-schema';
import type { Kept } from '../likelihoods/kept';
import { markedBelow } from '../measures/marked';
import { cpmi, scoreAll } from '../rewards/reward-of';
import { DEFAULT_VARIANT, firstTemplates } from '../rewards/variant';
import type { Subject } from '../subjects';
import type { Table } from './markdown';

const THRESHOLD = SETTINGS.lowThreshold.default;

/** What a person sees marked in the editor, with its default threshold. */
export function markedTable(subjects: readonly Subject[], kept: Kept): Table {
  const rows = ANSWER_ESTIMATORS.flatMap((estimator) =>
    [1, 4].map((count) => {
      const variant = { ...DEFAULT_VARIANT, estimator, templates: firstTemplates(count) };
      const traces = scoreAll(subjects, kept, cpmi(variant));
      const { firstErrors, rightSteps, errorFreeTraces } = markedBelow(THRESHOLD, traces);
      return [`CPMI, ${estimator}, K = ${count}`, ...[firstErrors, rightSteps, errorFreeTraces].map(percent)];
    }),
  );
  const head = ['reward', 'first errors', 'right steps', 'error-free traces with a mark'];
  return { name: 'marked', title: `What is marked under ${THRESHOLD}`, rows: [head, ...rows] };
}

const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(0)} %`);
