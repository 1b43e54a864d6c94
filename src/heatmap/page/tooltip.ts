import { cellTitle, isLow, outcomeText, plainLabel, rewardText } from '../describe';
import type { HeatmapModel, Selection } from '../model/heatmap-model';
import { fill } from '../strings';
import { element } from './dom';
import type { StepTexts } from './step-texts';

/** A rectangle in the window that the tooltip stands beside. */
export interface Anchor {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What the pointer or the keys stand on: a step, or with `step` null a trace's label. */
export type Subject = { readonly row: number; readonly step: number | null };

/** A card on a cell: reward and text of its step. All of it is set as text, as traces are untrusted. */
export class Tooltip {
  readonly root = element('div', { className: 'tooltip', hidden: true });
  private subject: Subject | null = null;
  private anchor: Anchor = { x: 0, y: 0, width: 0, height: 0 };

  constructor(
    private readonly model: HeatmapModel,
    private readonly texts: StepTexts,
    /** Colour of a reward, for the swatch. */
    private readonly colourOf: (reward: number) => string,
  ) {
    this.root.setAttribute('role', 'tooltip');
  }

  show(subject: Subject, anchor: Anchor): void {
    this.subject = subject;
    this.anchor = anchor;
    this.fill();
    this.root.hidden = false;
    this.stand();
  }

  hide(): void {
    this.subject = null;
    this.root.hidden = true;
  }

  /** Fills in what has become known of this row. */
  refresh(row: number): void {
    if (this.subject?.row !== row) return;
    this.fill();
    this.stand();
  }

  private fill(): void {
    const { subject } = this;
    if (subject === null) return;
    if (subject.step === null || this.model.store.steps(subject.row) === 0)
      this.root.replaceChildren(...this.ofTrace(subject.row));
    else this.root.replaceChildren(...this.ofStep({ row: subject.row, step: subject.step }));
  }

  private ofTrace(row: number): HTMLElement[] {
    const { store, wording, strings, numbers } = this.model;
    const facts = [outcomeText(wording, store.outcome(row)), store.format(row), this.lineOf(row)];
    const values: HTMLElement[] = [];
    if (store.state(row) === 'scored') {
      const named = [
        [strings.sortLowest, store.lowest(row)],
        [strings.sortMean, store.mean(row)],
        [strings.sortLast, store.last(row)],
      ] as const;
      for (const [name, value] of named) {
        if (!Number.isNaN(value)) values.push(this.reward(`${name} ${numbers.reward(value)}`, value));
      }
    }
    return [
      element('div', { className: 'tip-title' }, plainLabel(store.id(row))),
      element('div', { className: 'tip-facts' }, facts.filter((fact) => fact !== '').join(' · ')),
      ...(values.length > 0
        ? values
        : [element('div', { className: 'tip-reward' }, rewardText(wording, store, row, 0))]),
    ];
  }

  private ofStep({ row, step }: Selection): HTMLElement[] {
    const { store, wording, strings } = this.model;
    const known = this.texts.get(row, step);
    const reward = store.reward(row, step);
    const parts = [
      element('div', { className: 'tip-title' }, cellTitle(wording, store, row, step)),
      element(
        'div',
        { className: 'tip-facts' },
        `${outcomeText(wording, store.outcome(row))} · ${this.lineOf(row)}`,
      ),
      this.reward(rewardText(wording, store, row, step), reward, isLow(wording, store, row, step)),
    ];
    for (const line of known?.details ?? [])
      parts.push(element('div', { className: 'tip-detail', dir: 'auto' }, line));
    const text = element('div', { className: 'tip-text', dir: 'auto' }, known?.text ?? strings.textLoading);
    text.classList.toggle('waiting', known === undefined);
    parts.push(text);
    if (known?.cut === true) parts.push(element('div', { className: 'tip-facts' }, strings.textCut));
    parts.push(element('div', { className: 'tip-hint' }, strings.openHint));
    return parts;
  }

  private reward(text: string, reward: number, low = false): HTMLElement {
    const line = element('div', { className: 'tip-reward' });
    if (!Number.isNaN(reward)) {
      const swatch = element('span', { className: 'swatch' });
      swatch.style.backgroundColor = this.colourOf(reward);
      line.append(swatch);
    }
    line.append(text);
    if (low) line.append(element('span', { className: 'tip-low' }, `▼ ${this.model.strings.low}`));
    return line;
  }

  private lineOf(row: number): string {
    return fill(this.model.strings.line, this.model.numbers.count(this.model.store.line(row)));
  }

  /** Below the cell, or above where there is no room, and inside the window either way. */
  private stand(): void {
    const { width, height } = this.root.getBoundingClientRect();
    const gap = 6;
    const below = this.anchor.y + this.anchor.height + gap;
    const above = this.anchor.y - height - gap;
    const y = below + height <= window.innerHeight || above < 0 ? below : above;
    const x = Math.min(this.anchor.x, window.innerWidth - width - 8);
    this.root.style.left = `${Math.max(4, x)}px`;
    this.root.style.top = `${Math.max(4, Math.min(y, window.innerHeight - height - 4))}px`;
  }
}
