import type { Scale } from '../colour/scale';
import type { HeatmapModel } from '../model/heatmap-model';
import { fill } from '../strings';
import { element } from './dom';

/** Milliseconds that a line stays. */
const NOTE_TIME = 8000;

/** Counts at the left, the legend at the right. */
export class Footer {
  private readonly counts = element('div', { className: 'counts' });
  private readonly measure = element('span', { className: 'measure' });
  private readonly bands = element('span', { className: 'bands' });
  private readonly low = element('span', { className: 'low' });
  private readonly pending = element('span', { className: 'low' });
  private readonly note = element('div', { className: 'note', hidden: true });
  readonly root = element(
    'footer',
    { className: 'footer' },
    this.counts,
    this.note,
    element('div', { className: 'legend' }, this.measure, this.bands, this.low, this.pending),
  );
  private drawn = '';
  private timer: number | undefined;

  /** Shows a line for a while, e.g. where an export was saved. */
  say(text: string, ok: boolean): void {
    window.clearTimeout(this.timer);
    this.note.textContent = text;
    this.note.title = text;
    this.note.hidden = text === '';
    this.note.classList.toggle('failed', !ok);
    this.timer = window.setTimeout(() => {
      this.note.hidden = true;
    }, NOTE_TIME);
  }

  update(model: HeatmapModel, scale: Scale): void {
    this.root.hidden = model.generation < 0;
    const { strings, numbers, summary, store } = model;
    const parts = [
      fill(strings.counts, numbers.count(model.rows.length), numbers.count(store.count)),
      fill(strings.countSteps, numbers.count(summary.steps)),
      fill(strings.countLow, numbers.count(summary.low)),
    ];
    this.counts.textContent = parts.join('  ·  ');
    this.pending.hidden = summary.scored === model.rows.length;
    this.legend(model, scale);
  }

  private legend({ strings, numbers, measure, settings }: HeatmapModel, scale: Scale): void {
    const key = JSON.stringify([measure, settings, scale.colours, strings.lowMark]);
    if (key === this.drawn) return;
    this.drawn = key;
    this.measure.textContent = `${measure.name} (${measure.unit})`;
    this.measure.title = measure.detail;
    const bands = scale.colours.map((colour, band) => {
      const swatch = element('span', { className: 'band' });
      swatch.style.backgroundColor = colour;
      const edge = scale.edges[band];
      if (edge !== undefined) swatch.append(element('span', { className: 'edge' }, numbers.edge(edge)));
      return swatch;
    });
    this.bands.replaceChildren(...bands);
    const text = fill(strings.lowMark, numbers.edge(settings.threshold));
    this.low.replaceChildren(element('span', { className: 'mark', ariaHidden: 'true' }, '▼'), text);
    this.pending.replaceChildren(element('span', { className: 'hollow' }), strings.pendingMark);
  }
}
