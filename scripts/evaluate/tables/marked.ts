import { SETTINGS } from '../../../src/editor/settings-schema';
import type { Kept } from '../likelihoods/kept';
import { markedBelow } from '../measures/marked';
import { scoreAll } from '../rewards/reward-of';
import type { Subject } from '../subjects';
import type { Table } from './markdown';
import { CPMI_ROWS } from './rewards';

const THRESHOLD = SETTINGS.lowThreshold.default;

/** What a person sees marked in the editor, with its default threshold. */
export function markedTable(subjects: readonly Subject[], kept: Kept): Table {
  const rows = CPMI_ROWS.map(({ label, of }) => {
    const { firstErrors, rightSteps, errorFreeTraces } = markedBelow(THRESHOLD, scoreAll(subjects, kept, of));
    return [label, ...[firstErrors, rightSteps, errorFreeTraces].map(percent)];
  });
  const head = ['reward', 'first errors', 'right steps', 'error-free traces with a mark'];
  return { name: 'marked', title: `What is marked under ${THRESHOLD}`, rows: [head, ...rows] };
}

const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(0)} %`);
