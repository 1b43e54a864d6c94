import '@vscode-elements/elements/dist/vscode-button/index.js';
import '@vscode-elements/elements/dist/vscode-checkbox/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import type { VscodeSingleSelect } from '@vscode-elements/elements/dist/vscode-single-select/index.js';
import { EXPORT_KINDS, type ExportKind, OUTCOMES } from '../protocol';
import type { StringKey, Strings } from '../strings';
import { COLUMN_MODES, ROW_SIZES, SORT_KEYS, type ViewState } from '../view-state';
import { element, icon } from './dom';

interface ToolbarEvents {
  changed(change: Partial<ViewState>): void;
  export(kind: ExportKind): void;
}

const SORT_NAME = {
  file: 'sortFile',
  lowest: 'sortLowest',
  mean: 'sortMean',
  last: 'sortLast',
  length: 'sortLength',
} as const satisfies Record<(typeof SORT_KEYS)[number], StringKey>;
const COLUMN_NAME = { step: 'columnsStep', fraction: 'columnsFraction' } as const;
const ROW_NAME = {
  comfortable: 'rowsComfortable',
  compact: 'rowsCompact',
  overview: 'rowsOverview',
} as const;
const OUTCOME_NAME = { any: 'anyOutcome', unknown: 'unknown', right: 'right', wrong: 'wrong' } as const;
const EXPORT_NAME = { png: 'exportPng', svg: 'exportSvg', csv: 'exportCsv' } as const;

/** Filters, order, columns and exports, in the editor's own controls. */
export class Toolbar {
  private readonly text = element('vscode-textfield', { type: 'search', autocomplete: 'off' });
  private readonly outcome = element('vscode-single-select');
  private readonly format = element('vscode-single-select');
  private readonly lowOnly = element('vscode-checkbox');
  private readonly sort = element('vscode-single-select');
  private readonly reverse = element('vscode-button', { secondary: true, className: 'square' });
  private readonly columns = element('vscode-single-select');
  private readonly rowSize = element('vscode-single-select');
  private readonly exports = EXPORT_KINDS.map((kind) => ({
    kind,
    button: element('vscode-button', { secondary: true }, kind.toUpperCase()),
  }));
  readonly root: HTMLElement;
  private known = '';

  constructor(private readonly events: ToolbarEvents) {
    const search = icon('search');
    search.slot = 'content-before';
    this.text.append(search);
    this.name(this.text, 'filter-id');
    this.name(this.outcome, 'filter-outcome');
    this.name(this.format, 'filter-format');
    this.name(this.lowOnly, 'filter-low');
    this.name(this.sort, 'sort');
    this.name(this.reverse, 'reverse');
    this.name(this.columns, 'columns');
    this.name(this.rowSize, 'row-size');
    for (const { kind, button } of this.exports) this.name(button, `export-${kind}`);
    this.root = element(
      'div',
      { className: 'toolbar' },
      element('div', { className: 'group' }, this.text, this.outcome, this.format, this.lowOnly),
      element('div', { className: 'group' }, this.sort, this.reverse, this.columns, this.rowSize),
      element('div', { className: 'group exports' }, ...this.exports.map(({ button }) => button)),
    );
    this.root.setAttribute('role', 'group');
    this.listen();
  }

  /** Shows a state in the controls, in the given language. */
  show(state: ViewState, strings: Strings, formats: readonly string[]): void {
    const key = JSON.stringify([state, strings, formats]);
    if (key === this.known) return; // Setting options anew would close a list that is open.
    this.known = key;
    this.label(strings);
    if (this.text.value !== state.text) this.text.value = state.text;
    this.lowOnly.checked = state.lowOnly;
    setOptions(
      this.outcome,
      ['any', ...OUTCOMES.toReversed()] as const,
      (key) => strings[OUTCOME_NAME[key]],
      state.outcome,
    );
    setOptions(this.sort, SORT_KEYS, (key) => strings[SORT_NAME[key]], state.sort);
    setOptions(this.columns, COLUMN_MODES, (key) => strings[COLUMN_NAME[key]], state.columns);
    setOptions(this.rowSize, ROW_SIZES, (key) => strings[ROW_NAME[key]], state.rowSize);
    const choices =
      formats.includes(state.format) || state.format === '' ? formats : [...formats, state.format];
    setOptions(
      this.format,
      ['', ...choices],
      (format) => (format === '' ? strings.anyFormat : format),
      state.format,
    );
    // With one format there is nothing to choose.
    this.format.hidden = choices.length < 2 && state.format === '';
    this.reverse.replaceChildren(icon(state.descending ? 'up' : 'down'));
    this.reverse.setAttribute('aria-pressed', String(state.descending));
  }

  focusSearch(): void {
    this.text.focus();
  }

  private label(strings: Strings): void {
    this.root.setAttribute('aria-label', strings.title);
    this.text.label = strings.searchId;
    this.text.placeholder = strings.searchId;
    this.lowOnly.label = strings.lowOnly;
    this.outcome.label = strings.outcome;
    this.format.label = strings.format;
    this.sort.label = strings.sort;
    this.columns.label = strings.columns;
    this.rowSize.label = strings.rowSize;
    describe(this.reverse, strings.reverse);
    for (const { kind, button } of this.exports) describe(button, strings[EXPORT_NAME[kind]]);
  }

  private listen(): void {
    this.text.addEventListener('input', () => this.events.changed({ text: this.text.value }));
    this.lowOnly.addEventListener('change', () => this.events.changed({ lowOnly: this.lowOnly.checked }));
    this.reverse.addEventListener('click', () => {
      this.events.changed({ descending: this.reverse.getAttribute('aria-pressed') !== 'true' });
    });
    onChoice(this.outcome, ['any', ...OUTCOMES], (outcome) => this.events.changed({ outcome }));
    onChoice(this.sort, SORT_KEYS, (sort) => this.events.changed({ sort }));
    onChoice(this.columns, COLUMN_MODES, (columns) => this.events.changed({ columns }));
    onChoice(this.rowSize, ROW_SIZES, (rowSize) => this.events.changed({ rowSize }));
    this.format.addEventListener('change', () => this.events.changed({ format: this.format.value }));
    for (const { kind, button } of this.exports)
      button.addEventListener('click', () => this.events.export(kind));
  }

  private name(control: HTMLElement, id: string): void {
    control.id = id;
  }
}

function describe(button: HTMLElement, text: string): void {
  button.title = text;
  button.setAttribute('aria-label', text);
}

function setOptions<T extends string>(
  select: VscodeSingleSelect,
  values: readonly T[],
  nameOf: (value: T) => string,
  chosen: T,
): void {
  select.options = values.map((value) => ({
    value,
    label: nameOf(value),
    description: '',
    selected: value === chosen,
    disabled: false,
  }));
  select.value = chosen;
}

function onChoice<T extends string>(
  select: VscodeSingleSelect,
  values: readonly T[],
  then: (value: T) => void,
): void {
  select.addEventListener('change', () => {
    const chosen = values.find((value) => value === select.value);
    if (chosen !== undefined) then(chosen);
  });
}
