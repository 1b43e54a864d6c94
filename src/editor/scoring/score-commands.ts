import * as vscode from 'vscode';
import type { CommandRegistry } from '../command-registry';
import { Disposable } from '../disposable';
import { t } from '../l10n';
import type { Targets } from '../targets';
import type { AutoScore } from './auto-score';
import type { ScoringService } from './scoring-service';

/** Score file, Score trace, Cancel, Clear rewards. */
export class ScoreCommands extends Disposable {
  constructor(
    commands: CommandRegistry,
    private readonly targets: Targets,
    private readonly scoring: ScoringService,
    private readonly auto: AutoScore,
  ) {
    super();
    commands.register({
      'steplens.scoreFile': (file) => this.scoreFile(file),
      'steplens.scoreTrace': (target) => this.scoreTrace(target),
      'steplens.cancelScoring': () => this.cancel(),
      'steplens.clearRewards': () => this.clear(),
    });
  }

  private async scoreFile(file: unknown): Promise<void> {
    const document = await this.targets.file(file);
    const wanted = document.traces.filter((trace) => !trace.scored || trace.stale);
    if (wanted.length === 0) {
      void vscode.window.showInformationMessage(t('All traces of this file are scored.'));
      return;
    }
    let done = 0;
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: t('Scoring traces') },
      async (progress) => {
        const listener = this.scoring.onDidChangeQueue(() => {
          const left = this.scoring.pending(document);
          done = wanted.length - left;
          progress.report({ message: t('{0} of {1}', Math.max(0, done), wanted.length) });
        });
        try {
          await this.scoring.score(document, wanted, 'file');
        } finally {
          listener.dispose();
        }
      },
    );
  }

  private async scoreTrace(target: unknown): Promise<void> {
    const { document, trace } = await this.targets.aim(target);
    const again = trace.scored !== undefined && !trace.stale;
    if (again) trace.setStale();
    await this.scoring.score(document, [trace], 'trace', again);
  }

  private cancel(): void {
    this.scoring.cancel(undefined, (trace) => {
      this.auto.decline([trace]);
      return true;
    });
  }

  private async clear(): Promise<void> {
    const document = await this.targets.file();
    this.scoring.cancel(document);
    this.auto.decline(document.traces);
    for (const trace of document.traces) trace.clear();
    document.touch(document.traces);
  }
}
