/** BIG-Bench-Mistake's tasks are too small to be told apart. */
const LOGIC = new Set([
  'logical_deduction',
  'multistep_arithmetic',
  'tracking_shuffled_objects',
  'word_sorting',
  'dyck_languages',
]);

const NAMES: Readonly<Record<string, string>> = {
  gsm8k: 'GSM8K',
  math: 'MATH',
  olympiadbench: 'OlympiadBench',
  omnimath: 'Omni-MATH',
};

/** The group of tasks under which the tables show a task. */
export const groupOf = (task: string): string =>
  LOGIC.has(task) ? 'logic tasks' : (NAMES[task] ?? task.replace(/^mrben_/, ''));
