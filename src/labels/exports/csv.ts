import { type ExportFormat, knownGold } from './format';

const COLUMNS =
  'id,task,step,steps,label,labelled_by,reward,soft_label,gold_gain,contrast_gain,gold_answer,final_answer,text';

/**
 * A table for spreadsheets and data frames (RFC 4180: CRLF, quotes doubled, UTF-8), one row a step. `step` counts from 1;
 * `label` is `correct`, `neutral` or `incorrect`; `labelled_by` is `model` or `human`; rewards and gains are in nats per
 * token with all their digits, empty where there are none.
 */
export const csv: ExportFormat = {
  id: 'csv',
  label: 'CSV, one row a step',
  extension: 'csv',
  hasNeutral: true,
  header: `${COLUMNS}\r\n`,
  write(trace) {
    const { id, task = '', steps, finalAnswer } = trace;
    const ends = [knownGold(trace) ?? '', finalAnswer ?? ''].map(field);
    const rows = steps.map((step, i) =>
      [
        field(id),
        field(task),
        i + 1,
        steps.length,
        step.label,
        step.labelledBy,
        step.reward,
        step.softLabel,
        step.goldGain ?? '',
        step.contrastGain ?? '',
        ...ends,
        field(step.text),
      ].join(','),
    );
    return { text: rows.map((row) => `${row}\r\n`).join('') };
  },
};

/** A text as a field. One that a spreadsheet would take for a formula gets an apostrophe in front: traces may be hostile. */
function field(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
