import { userInfo } from 'node:os';
import * as vscode from 'vscode';
import { type HumanLabel, setGoldAnswer, setStepLabel } from '../../labels/human/human-labels';
import type { StepLabel } from '../../trajectory/trajectory';
import type { CommandRegistry } from '../command-registry';
import { Disposable } from '../disposable';
import type { Trace } from '../document/trace';
import type { TraceDocument } from '../document/trace-document';
import { LABEL_SIGNS } from '../faces/reward-text';
import { labelTitle } from '../hover/hover-text';
import { t } from '../l10n';
import { oneLine } from '../present';
import { goldOf } from '../scoring/scorable';
import { CommandError, type Targets } from '../targets';
import type { Edit, HumanLabelStore } from './human-label-store';
import { UndoStack } from './undo-stack';

interface Undoable {
  readonly document: TraceDocument;
  readonly back: Edit;
  /** What it was, for the message. */
  readonly what: string;
}

/** Set step label, Set gold answer, Undo last label. */
export class HumanCommands extends Disposable {
  private readonly undo = new UndoStack<Undoable>();

  constructor(
    commands: CommandRegistry,
    private readonly targets: Targets,
    private readonly store: HumanLabelStore,
  ) {
    super();
    commands.register({
      'steplens.setStepLabel': (target, label) => this.setLabel(target, label),
      'steplens.setGoldAnswer': (target, answer) => this.setGold(target, answer),
      'steplens.undoLabel': () => this.undoLast(),
    });
  }

  private async setLabel(target: unknown, given: unknown): Promise<void> {
    const { document, trace, step } = await this.targets.step(target);
    const before = trace.humanLabels.get(step);
    const chosen = isChoice(given) ? given : await pickLabel(step, before?.label);
    if (chosen === undefined) return;
    const label: HumanLabel | undefined =
      chosen === 'none'
        ? undefined
        : {
            label: chosen,
            who: userName(),
            when: new Date().toISOString(),
            reward: trace.stale ? null : (trace.stepReward(step)?.reward ?? null),
          };
    const { traceKey } = trace;
    await this.store.edit(document, (labels) => setStepLabel(labels, traceKey, step, label));
    this.undo.push({
      document,
      back: (labels) => setStepLabel(labels, traceKey, step, before),
      what: t('the label of step {0}', step + 1),
    });
  }

  private async setGold(target: unknown, direct: unknown): Promise<void> {
    const { document, trace } = await this.targets.aim(target);
    const before = trace.givenGold;
    const own = trace.trajectory.goldAnswer?.text;
    const answer = typeof direct === 'string' ? direct : await askGold(trace);
    if (answer === undefined) return;
    const given = answer.trim() === '' || answer.trim() === own?.trim() ? undefined : answer.trim();
    if (given === before) return;
    const { traceKey } = trace;
    await this.store.edit(document, (labels) => setGoldAnswer(labels, traceKey, given));
    this.undo.push({
      document,
      back: (labels) => setGoldAnswer(labels, traceKey, before),
      what: t('the gold answer of {0}', oneLine(trace.id)),
    });
  }

  private async undoLast(): Promise<void> {
    const last = this.undo.pop();
    if (!last) throw new CommandError(t('There is nothing to undo.'));
    await this.store.edit(last.document, last.back);
    vscode.window.setStatusBarMessage(t('Undone: {0}', last.what), 4000);
  }
}

function askGold(trace: Trace): Thenable<string | undefined> {
  const own = trace.trajectory.goldAnswer?.text;
  return vscode.window.showInputBox({
    title: t('Gold answer of {0}', oneLine(trace.id)),
    prompt:
      own === undefined
        ? t('The right answer to the question. Leave it empty to take it away.')
        : t('The right answer to the question. Leave it empty for the one in the file, {0}.', oneLine(own)),
    value: goldOf(trace) ?? '',
  });
}

type Choice = StepLabel | 'none';
const CHOICES: readonly Choice[] = ['correct', 'neutral', 'incorrect', 'none'];
const isChoice = (value: unknown): value is Choice => CHOICES.some((choice) => choice === value);

async function pickLabel(step: number, now: StepLabel | undefined): Promise<Choice | undefined> {
  const items = CHOICES.filter((choice) => choice !== 'none' || now !== undefined).map((choice) => ({
    label: choice === 'none' ? t('No label of yours') : `${LABEL_SIGNS[choice]} ${labelTitle(choice)}`,
    description: choice === now ? t('now') : '',
    choice,
  }));
  const title = t('Label of step {0}', step + 1);
  return (await vscode.window.showQuickPick(items, { title, placeHolder: title }))?.choice;
}

/** The name that stands beside a person's labels. */
function userName(): string {
  try {
    return userInfo().username || 'unknown';
  } catch {
    return 'unknown'; // a user without an entry in the system's list
  }
}
