import * as vscode from 'vscode';
import type { CommandRegistry } from '../command-registry';
import { Disposable } from '../disposable';
import { t } from '../l10n';
import type { Notices } from '../notices';
import { stepJson } from '../step-json';
import type { Targets } from '../targets';

const WALKTHROUGH = 'steplens.steplens#start';

/** Show log, Open walkthrough, Open examples, What do rewards mean?, Copy step as JSON. */
export class HelpCommands extends Disposable {
  constructor(
    commands: CommandRegistry,
    private readonly extension: vscode.Uri,
    private readonly targets: Targets,
    notices: Notices,
  ) {
    super();
    commands.register({
      'steplens.showLog': () => notices.log.show(),
      'steplens.openWalkthrough': () =>
        vscode.commands.executeCommand('workbench.action.openWalkthrough', WALKTHROUGH),
      'steplens.openExamples': () => this.openExamples(),
      'steplens.explainRewards': () => this.explain(),
      'steplens.copyStep': (target) => this.copy(target),
    });
  }

  private async openExamples(): Promise<void> {
    const uri = vscode.Uri.joinPath(this.extension, 'examples', 'traces.jsonl');
    await vscode.window.showTextDocument(uri, { preview: false });
  }

  private async explain(): Promise<void> {
    const uri = vscode.Uri.joinPath(this.extension, 'docs', 'rewards.md');
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  }

  private async copy(target: unknown): Promise<void> {
    const { trace, step } = await this.targets.step(target);
    await vscode.env.clipboard.writeText(stepJson(trace, step));
    vscode.window.setStatusBarMessage(t('Step {0} is copied as JSON.', step + 1), 4000);
  }
}
