import * as vscode from 'vscode';
import type { ReadOptions, TraceSource } from '../../trajectory';
import { Disposable } from '../disposable';
import { t } from '../l10n';
import { oneLine } from '../present';
import { type Cut, cutFirst } from './preview';

type Reading = Pick<ReadOptions, 'format' | 'fields'>;
type Choice = vscode.QuickPickItem & { readonly split: string };

const SPLITS = ['given', 'numbered', 'blank-line', 'sentence'] as const;
/** Characters of each step in the one line under a choice. */
const SHOWN = 60;

/**
 * `Split steps…`: the ways of cutting a trace into steps, each with the first trace as it would be cut; what is typed is tried
 * as a pattern. The chosen one is shown step by step before it is taken.
 * @returns the splitting as settings say it; undefined where the user has left
 */
export async function chooseSplit(
  source: TraceSource,
  reading: Reading,
  current: string,
): Promise<string | undefined> {
  const split = await new SplitPick(source, reading, current).ask();
  if (split === undefined) return undefined;
  return (await confirmed(await cutFirst(source, reading, split))) ? split : undefined;
}

class SplitPick extends Disposable {
  private readonly pick = this._register(vscode.window.createQuickPick<Choice>());
  private named: readonly Choice[] = [];

  constructor(
    private readonly source: TraceSource,
    private readonly reading: Reading,
    private readonly current: string,
  ) {
    super();
  }

  async ask(): Promise<string | undefined> {
    const { pick } = this;
    pick.title = t('Split steps: the first trace, as it would be cut');
    pick.placeholder = t('Choose, or type a regular expression for what stands between two steps');
    pick.ignoreFocusOut = true;
    pick.busy = true;
    pick.show();
    const chosen = new Promise<string | undefined>((resolve) => {
      pick.onDidAccept(() => resolve(pick.activeItems[0]?.split));
      pick.onDidHide(() => resolve(undefined));
    });
    pick.onDidChangeValue(() => void this.refresh());
    this.named = await Promise.all(SPLITS.map((split) => this.choice(split, titleOf(split))));
    await this.refresh();
    pick.busy = false;
    try {
      return await chosen;
    } finally {
      this.dispose();
    }
  }

  /** The named ways, and what is typed as a pattern. A slower answer to an older text is dropped. */
  private async refresh(): Promise<void> {
    const { value } = this.pick;
    const own = value.trim() === '' ? [] : [await this.choice(`pattern:${value}`, value)];
    if (this.disposed || this.pick.value !== value) return;
    const items = [...own, ...this.named];
    this.pick.items = items;
    const active = own[0] ?? items.find(({ split }) => split === this.current);
    if (active) this.pick.activeItems = [active];
  }

  private async choice(split: string, label: string): Promise<Choice> {
    const cut = await cutFirst(this.source, this.reading, split);
    const now = split === this.current ? t('now') : '';
    const detail = 'fault' in cut ? oneLine(cut.fault, 300) : summaryOf(cut.steps);
    return { label, description: now, detail, split, alwaysShow: true };
  }
}

function titleOf(split: (typeof SPLITS)[number]): string {
  const titles: Record<(typeof SPLITS)[number], string> = {
    given: t('As the file gives them'),
    numbered: t('Numbered steps'),
    'blank-line': t('Paragraphs'),
    sentence: t('Sentences'),
  };
  return titles[split];
}

function summaryOf(steps: readonly string[]): string {
  const count = steps.length === 1 ? t('1 step') : t('{0} steps', steps.length);
  return `${count}: ${steps
    .slice(0, 6)
    .map((step) => oneLine(step, SHOWN))
    .join(' ┃ ')}`;
}

/** Shows all steps; true where they are as the user wants them. */
async function confirmed(cut: Cut): Promise<boolean> {
  if ('fault' in cut) {
    void vscode.window.showErrorMessage(oneLine(cut.fault, 300));
    return false;
  }
  const save = { label: t('Save to settings'), iconPath: new vscode.ThemeIcon('save') };
  const steps = cut.steps.map((step, index) => ({
    label: t('Step {0}', index + 1),
    description: oneLine(step, 200),
  }));
  const heading = { label: oneLine(cut.id, 100), kind: vscode.QuickPickItemKind.Separator };
  const picked = await vscode.window.showQuickPick([save, heading, ...steps], {
    title: t('Split steps: {0} steps', cut.steps.length),
    ignoreFocusOut: true,
  });
  return picked === save;
}
