import * as vscode from 'vscode';
import type { StepLabel } from '../../trajectory/trajectory';
import { commandOf } from '../command-registry';
import { Disposable } from '../disposable';
import { t } from '../l10n';
import type { Surfaces } from '../surfaces';
import { targetOf } from '../targets';
import { DIAGNOSTIC_SOURCE } from './diagnostics';

/** What can be done about a low step: say what it really is, or hide the problem. */
export class QuickFixes extends Disposable implements vscode.CodeActionProvider {
  constructor(private readonly surfaces: Surfaces) {
    super();
    this._register(
      vscode.languages.registerCodeActionsProvider({ pattern: '**' }, this, {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    );
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    return diagnostics
      .filter(({ source }) => source === DIAGNOSTIC_SOURCE)
      .flatMap((diagnostic) => this.fixes(document, diagnostic));
  }

  private fixes(document: vscode.TextDocument, diagnostic: vscode.Diagnostic): vscode.CodeAction[] {
    const place = this.surfaces.at(document, diagnostic.range.start);
    if (place?.step === undefined) return [];
    const target = targetOf(place.surface.source, place.shown.trace, place.step);
    const titles: Readonly<Record<StepLabel, string>> = {
      correct: t('Label this step as correct'),
      neutral: t('Label this step as neutral'),
      incorrect: t('Label this step as incorrect'),
    };
    const fixes = (['correct', 'neutral', 'incorrect'] as const).map((label) =>
      fix(titles[label], diagnostic, commandOf('steplens.setStepLabel', titles[label], target, label)),
    );
    const hide = t('Hide this problem');
    const explain = t('What do rewards mean?');
    return [
      ...fixes,
      fix(hide, diagnostic, commandOf('steplens.hideStep', hide, target)),
      fix(explain, diagnostic, commandOf('steplens.explainRewards', explain)),
    ];
  }
}

function fix(title: string, diagnostic: vscode.Diagnostic, command: vscode.Command): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  action.diagnostics = [diagnostic];
  action.command = command;
  return action;
}
