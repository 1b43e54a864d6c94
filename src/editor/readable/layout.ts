import type { Stretch } from '../document/surface';
import type { Trace } from '../document/trace';
import { labelTitle, originTitle } from '../hover/hover-text';
import { t } from '../l10n';
import { oneLine, visible } from '../present';
import { goldOf } from '../scoring/scorable';

/** A trace written out as a document, and where its parts stand in it. */
export interface Layout {
  readonly text: string;
  readonly headings: readonly Stretch[];
  /** Parts that are not the model's own words: observations, notes. */
  readonly asides: readonly Stretch[];
  /** One a step. */
  readonly steps: readonly Stretch[];
}

/**
 * Writes a trace out: the question, each step as a paragraph with its number, the gold answer, the wrong answers. Line
 * ends are `\n` throughout and characters that reorder text are made visible, so what stands where is as computed.
 */
export function layOut(trace: Trace, formatLabel: string): Layout {
  const page = new Page();
  const { trajectory, scored } = trace;
  page.heading(oneLine(trace.id, 200));
  page.aside(
    [formatLabel, trajectory.task, t('line {0}', trajectory.line)].filter((part) => part).join(' · '),
  );
  if (trajectory.question.text.trim()) {
    page.heading(t('Question'));
    page.body(trajectory.question.text);
  }
  for (const step of trajectory.steps) {
    const said = step.label ? ` · ${t('the file says {0}', labelTitle(step.label))}` : '';
    page.heading(`${t('Step {0}', step.index + 1)}${said}`);
    page.steps.push(page.body(step.text));
    if (step.observation) page.aside(`${t('Observation')}\n${plain(step.observation.text)}`);
  }
  const gold = goldOf(trace);
  page.heading(trace.givenGold === undefined ? t('Gold answer') : t('Gold answer (yours)'));
  page.body(gold ?? t('None in this file.'));
  if (trajectory.finalAnswer !== undefined) {
    page.heading(t('Answer of the trace'));
    page.body(trajectory.finalAnswer);
  }
  const negatives = scored?.negatives ?? trajectory.negatives;
  if (negatives.length > 0) {
    page.heading(t('Wrong answers'));
    page.body(
      negatives.map(({ text, origin }) => `${oneLine(text, 200)} (${originTitle(origin)})`).join('\n'),
    );
  }
  return page;
}

class Page implements Layout {
  text = '';
  readonly headings: Stretch[] = [];
  readonly asides: Stretch[] = [];
  readonly steps: Stretch[] = [];

  heading(text: string): void {
    this.headings.push(this.add(text, '\n'));
  }
  body(text: string): Stretch {
    return this.add(plain(text), '\n\n');
  }
  aside(text: string): void {
    this.asides.push(this.add(text, '\n\n'));
  }

  private add(text: string, end: string): Stretch {
    const start = this.text.length;
    this.text += text;
    const stretch = { start, end: this.text.length };
    this.text += end;
    return stretch;
  }
}

const plain = (text: string): string => visible(text.replace(/\r\n?/g, '\n')).trimEnd();
