import { createColors } from 'picocolors';
import type { Trajectory } from '../trajectory';
import type { FoundFile } from './formats';
import type { RenderOptions } from './render';
import { oneLine, printable, wrap } from './terminal';

/** Of a long trace the beginning is shown: so many steps, and lines of each text. */
const MAX_STEPS = 30;
const MAX_LINES = 6;

/** What a file was found to be, and its first trace, as text. */
export function renderFound(found: FoundFile, options: RenderOptions): string {
  const paint = createColors(options.color);
  const { formats, format, trace, counts, proposed } = found;
  const of = (id: string) => formats.find((known) => known.id === id);
  const best = format === null ? undefined : of(format);
  const others = formats.filter(({ id }) => id !== format);
  const lines = [
    `${paint.bold(oneLine(found.file))}: ${best ? `${best.label} (${best.id})` : (format ?? 'no known format')}`,
    ...(best ? [`  ${percent(best.confidence)} sure: ${oneLine(best.reason)}`] : []),
    ...others.map((o) =>
      paint.dim(`  also possible: ${o.id}, ${percent(o.confidence)}: ${oneLine(o.reason)}`),
    ),
    ...(counts ? [`  ${counts.traces} traces; ${counts.problems} records could not be read`] : []),
  ];
  if (proposed) {
    const pairs = Object.entries(proposed).map(([field, path]) => `${field}=${path}`);
    lines.push(
      `  its fields can be mapped, perhaps with --fields '${oneLine(pairs.join(',')).replaceAll("'", "'\\''")}'`,
    );
  }
  if (trace) lines.push('', ...renderRead(trace, options));
  return `${lines.join('\n')}\n`;
}

const percent = (confidence: number): string => `${Math.round(confidence * 100)} %`;

/** A trace as it was read: question, steps with their labels, answers. */
export function renderRead(trace: Trajectory, { color, width }: RenderOptions): string[] {
  const paint = createColors(color);
  const { steps, negatives, goldAnswer, finalAnswer, answerCorrect, firstError, task } = trace;
  const block = (head: string, text: string): string[] => {
    const lines = wrap(printable(text).trim(), width - head.length);
    const shown = lines
      .slice(0, MAX_LINES)
      .map((line, i) => (i === 0 ? head : ' '.repeat(head.length)) + line);
    const more = lines.length - shown.length;
    return more > 0 ? [...shown, paint.dim(`${' '.repeat(head.length)}… ${more} more lines`)] : shown;
  };
  const lines = [
    `  first trace: ${oneLine(trace.id)}, line ${trace.line}${task === undefined ? '' : `, task ${oneLine(task)}`}`,
    ...block('  question  ', trace.question.text || '(none)'),
  ];
  for (const { index, text, label, observation } of steps.slice(0, MAX_STEPS)) {
    const number = String(index + 1).padStart(4);
    lines.push(...block(`${number}  ${label ? `[${label}] ` : ''}`, text));
    if (observation)
      lines.push(...block('      observed: ', observation.text).map((line) => paint.dim(line)));
  }
  if (steps.length > MAX_STEPS) lines.push(paint.dim(`      … ${steps.length - MAX_STEPS} more steps`));
  const verdict = answerCorrect === undefined ? '' : answerCorrect ? ' (right)' : ' (wrong)';
  const wrong = negatives.map(({ text, origin }) => `${oneLine(text)} (${origin})`).join(', ');
  return [
    ...lines,
    `  gold answer: ${goldAnswer ? oneLine(goldAnswer.text) : 'none'}`,
    `  final answer: ${finalAnswer === undefined ? 'none' : oneLine(finalAnswer)}${verdict}`,
    ...(wrong ? block('  wrong answers: ', wrong) : []),
    ...(firstError === undefined
      ? []
      : [`  first error: ${firstError < 0 ? 'none' : `step ${firstError + 1}`}`]),
  ];
}
