import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import '@vscode-elements/elements/dist/vscode-progress-ring/index.js';
import type { HeatmapModel } from '../model/heatmap-model';
import { isFiltered } from '../model/query';
import { fill } from '../strings';
import { element } from './dom';

interface NoticeEvents {
  score(): void;
  cancel(): void;
  clearFilters(): void;
}

type Action = keyof NoticeEvents;

/** What stands between a person and the picture: work that goes on, nothing scored, nothing found. */
export class Notice {
  private readonly bar = element('vscode-progress-bar', { hidden: true });
  private readonly text = element('span', { className: 'notice-text' });
  private readonly button = element('vscode-button', { secondary: true });
  /** A line above the grid. */
  readonly line = element('div', { className: 'notice', hidden: true }, this.text, this.button);
  readonly progress = element('div', { className: 'progress' }, this.bar);
  private readonly blankText = element('p');
  private readonly blankButton = element('vscode-button', { secondary: true });
  private readonly ring = element('vscode-progress-ring');
  /** In place of the grid. */
  readonly blank = element('div', { className: 'blank' }, this.ring, this.blankText, this.blankButton);
  private action: Action = 'score';
  private blankAction: Action = 'clearFilters';

  constructor(events: NoticeEvents) {
    this.button.addEventListener('click', () => events[this.action]());
    this.blankButton.addEventListener('click', () => events[this.blankAction]());
  }

  update(model: HeatmapModel): void {
    this.updateProgress(model);
    this.updateLine(model);
    this.updateBlank(model);
  }

  private updateProgress({ progress, strings }: HeatmapModel): void {
    this.bar.hidden = progress.phase === 'idle';
    this.bar.ariaLabel = strings.loading;
    this.bar.indeterminate = progress.total === null;
    this.bar.max = progress.total ?? 100;
    this.bar.value = progress.done;
  }

  private updateLine(model: HeatmapModel): void {
    const { progress, strings, numbers, selection, store } = model;
    const count = (value: number) => numbers.count(value);
    if (progress.phase === 'scoring') {
      const total = progress.total ?? store.count;
      this.say(withNote(fill(strings.scoringProgress, count(progress.done), count(total)), progress.note));
      this.offer('cancel', strings.cancel);
    } else if (progress.phase === 'reading') {
      this.say(withNote(fill(strings.readingProgress, count(progress.done)), progress.note));
      this.button.hidden = true;
    } else if (store.count > 0 && model.summary.scored === 0 && !isFiltered(model.state)) {
      this.say(strings.notScored);
      this.offer('score', strings.scoreFile);
    } else if (selection !== null && model.placeOf(selection.row) < 0 && model.rows.length > 0) {
      this.say(strings.hiddenSelection);
      this.offer('clearFilters', strings.clearFilters);
    } else {
      this.line.hidden = true;
    }
  }

  private updateBlank(model: HeatmapModel): void {
    const { strings, store, progress } = model;
    const waiting = store.count === 0 && (model.generation < 0 || progress.phase === 'reading');
    this.blank.hidden = model.rows.length > 0;
    this.ring.hidden = !waiting;
    this.blankButton.hidden = store.count === 0;
    this.blankButton.textContent = strings.clearFilters;
    this.blankText.textContent = waiting
      ? strings.loading
      : store.count === 0
        ? strings.noTraces
        : strings.noMatch;
  }

  private say(text: string): void {
    this.line.hidden = false;
    this.text.textContent = text;
  }

  private offer(action: Action, label: string): void {
    this.action = action;
    this.button.hidden = false;
    this.button.textContent = label;
    this.button.dataset.action = action;
  }
}

const withNote = (text: string, note: string): string => (note === '' ? text : `${text} · ${note}`);
