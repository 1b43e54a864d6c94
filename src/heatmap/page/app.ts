import { HeatmapModel } from '../model/heatmap-model';
import type { ExportKind, HostMessage } from '../protocol';
import { fill } from '../strings';
import { parseHostMessage } from '../validate';
import { DEFAULT_VIEW_STATE, parseViewState, type ViewState } from '../view-state';
import { Announcer } from './announcer';
import { element } from './dom';
import { exportAs, exportName } from './exporter';
import { Footer } from './footer';
import { GridView } from './grid-view';
import type { Host } from './host';
import { Interaction } from './interaction';
import { Notice } from './notice';
import { StepTexts } from './step-texts';
import { onThemeChange } from './theme';
import { Throttle } from './timing';
import { Toolbar } from './toolbar';
import { Tooltip } from './tooltip';

/** Milliseconds between two messages on where the active cell is, while a key is held down. */
const SELECT_PAUSE = 60;

/** Brings the parts of the page together: messages change the model, the model is shown. */
export class App {
  private readonly model: HeatmapModel;
  private readonly view: GridView;
  private readonly texts: StepTexts;
  private readonly tooltip: Tooltip;
  private readonly interaction: Interaction;
  private readonly announcer = new Announcer();
  private readonly footer = new Footer();
  private readonly notice: Notice;
  private readonly toolbar: Toolbar;
  /** A live run sends rewards far more often than 100,000 rows need to be sorted anew. */
  private readonly refresh = new Throttle(
    () => this.refreshNow(),
    (cost) => Math.max(200, 6 * cost),
  );
  private readonly report = new Throttle(
    () => this.postSelection(false),
    () => SELECT_PAUSE,
  );
  private readonly save = new Throttle(
    () => this.store(),
    () => 300,
  );

  constructor(
    private readonly host: Host,
    root: HTMLElement,
  ) {
    const model = new HeatmapModel(parseViewState(host.stored()));
    this.model = model;
    this.view = new GridView(model);
    this.texts = new StepTexts((row, step) => {
      host.post({ type: 'askStep', generation: model.generation, row, step });
    });
    this.tooltip = new Tooltip(model, this.texts, (reward) => this.view.colourOf(reward));
    this.interaction = new Interaction(model, this.view, this.tooltip, {
      selected: (open) => this.selected(open),
      search: () => this.toolbar.focusSearch(),
    });
    this.notice = new Notice({
      score: () => host.post({ type: 'score' }),
      cancel: () => host.post({ type: 'cancel' }),
      clearFilters: () => this.changeState(CLEARED),
    });
    this.toolbar = new Toolbar({
      changed: (change) => this.changeState(change),
      export: (kind) => void this.export(kind),
    });
    const { notice, view } = this;
    const stage = element('div', { className: 'stage' }, view.scroller, notice.blank);
    root.replaceChildren(this.toolbar.root, notice.progress, notice.line, stage, this.footer.root);
    root.append(this.tooltip.root, this.announcer.root);
    onThemeChange(() => this.restyle());
    this.show();
  }

  /** Handles whatever arrived; what does not fit the protocol is reported and dropped. */
  receive(data: unknown): void {
    const parsed = parseHostMessage(data);
    if ('problem' in parsed) {
      this.host.post({ type: 'problem', reason: parsed.problem });
      return;
    }
    try {
      this.handle(parsed.message);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.host.post({ type: 'problem', reason: `${parsed.message.type}: ${error.message}` });
    }
  }

  private handle(message: HostMessage): void {
    const { model } = this;
    if ('generation' in message && message.type !== 'init' && message.generation !== model.generation) return;
    switch (message.type) {
      case 'init':
        model.start(message);
        this.texts.forget();
        this.interaction.hideCard();
        this.restyle();
        this.view.relayout();
        break;
      case 'rows':
        model.store.writeRows(message.batch);
        this.texts.forget(message.batch.ids.map((_, i) => message.batch.start + i));
        this.refresh.request();
        break;
      case 'rewards':
        model.store.writeRewards(message.rows, message.rewards);
        this.texts.forget(message.rows);
        this.refresh.request();
        this.view.invalidate();
        break;
      case 'failures':
        for (const { row, reason } of message.failures) model.store.fail(row, reason);
        this.refresh.request();
        break;
      case 'progress':
        model.progress = message;
        this.notice.update(model);
        break;
      case 'settings':
        model.useSettings(message.settings);
        this.view.relayout();
        this.restyle();
        break;
      case 'select':
        this.follow(message.row, message.step);
        break;
      case 'step':
        this.texts.answer(message);
        this.tooltip.refresh(message.row);
        this.announceText(message.row, message.step, message.text);
        break;
      case 'exported':
        this.announcer.say(message.note);
        this.footer.say(message.note, message.ok);
        break;
    }
  }

  private refreshNow(): void {
    const { model, view } = this;
    const had = model.selection !== null;
    view.keepingPlace(() => model.refresh());
    // A stored selection has just met its trace.
    if (!had && model.selection !== null) view.showSelection();
    this.show();
  }

  private show(): void {
    this.toolbar.show(this.model.state, this.model.strings, this.model.store.formats);
    this.notice.update(this.model);
    this.footer.update(this.model, this.view.scale);
  }

  private changeState(change: Partial<ViewState>): void {
    const { model } = this;
    this.interaction.hideCard();
    const top = this.view.topRow;
    model.setState(change);
    this.view.relayout();
    // A new order is asked for to see what comes first in it; other changes keep the selected cell in view, and where
    // nothing is selected a new size of the rows keeps the rows.
    if (change.sort !== undefined || change.descending !== undefined) this.view.showRow(0);
    else if (change.rowSize !== undefined && model.selection === null) this.view.showRow(top);
    else if (this.view.activeSpot() === undefined) this.view.showRow(0);
    else this.view.showSelection();
    this.show();
    this.save.request();
    this.announcer.say(fill(model.strings.counts, model.rows.length, model.store.count));
  }

  /** The active cell changed in the page. */
  private selected(open: boolean): void {
    this.view.showSelection();
    this.notice.update(this.model);
    this.save.request();
    const { selection } = this.model;
    if (selection === null) return;
    const known = this.texts.get(selection.row, selection.step);
    if (known !== undefined) this.announcer.say(known.text);
    if (open) this.postSelection(true);
    else this.report.request();
  }

  /** The editor's cursor moved; nothing is posted back. */
  private follow(row: number, step: number | null): void {
    const { model } = this;
    const same = model.selection?.row === row ? model.selection.step : 0;
    model.select(row, step ?? same);
    this.view.showSelection();
    this.notice.update(model);
    this.save.request();
  }

  private postSelection(open: boolean): void {
    const { selection, generation, store } = this.model;
    if (selection === null) return;
    const step = store.steps(selection.row) === 0 ? null : selection.step;
    this.host.post({ type: 'select', generation, row: selection.row, step, open });
  }

  private announceText(row: number, step: number, text: string): void {
    const { selection } = this.model;
    if (selection?.row === row && selection.step === step) this.announcer.say(text);
  }

  private restyle(): void {
    this.view.restyle();
    this.show();
  }

  private store(): void {
    this.host.store({ ...this.model.state, selected: this.model.remembered() });
  }

  private async export(kind: ExportKind): Promise<void> {
    const { model } = this;
    if (model.rows.length === 0) {
      this.footer.say(model.store.count === 0 ? model.strings.noTraces : model.strings.noMatch, false);
      return;
    }
    this.footer.say(model.strings.exporting, true);
    try {
      const data = await exportAs(kind, this.view.scene(), model.title);
      this.host.post({ type: 'export', kind, name: exportName(model.title, kind), data });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.footer.say(reason, false);
      this.host.post({ type: 'problem', reason: `export as ${kind}: ${reason}` });
    }
  }
}

const { text, outcome, format, lowOnly } = DEFAULT_VIEW_STATE;
const CLEARED: Partial<ViewState> = { text, outcome, format, lowOnly };
