import { join } from 'node:path';
import * as vscode from 'vscode';
import { createApi, type SteplensApi } from './editor/api';
import { CommandRegistry } from './editor/command-registry';
import { ContextKeys } from './editor/context-keys';
import { TraceDocuments } from './editor/document/trace-documents';
import { ContextState } from './editor/faces/context-state';
import { Decorations } from './editor/faces/decorations';
import { Lenses } from './editor/faces/lenses';
import { Status } from './editor/faces/status';
import { useTranslator } from './editor/l10n';
import { Notices } from './editor/notices';
import { Reader } from './editor/reading/reader';
import { AutoScore } from './editor/scoring/auto-score';
import { RewardCache } from './editor/scoring/cache';
import { ModelHost } from './editor/scoring/model-host';
import { ScoreCommands } from './editor/scoring/score-commands';
import { ScoringService } from './editor/scoring/scoring-service';
import { Settings } from './editor/settings';
import { Surfaces } from './editor/surfaces';
import { Targets } from './editor/targets';

/** Builds the parts and hands them to each other. Nothing is read and no model is loaded here. */
export function activate(context: vscode.ExtensionContext): SteplensApi {
  useTranslator((message, ...values) => vscode.l10n.t(message, ...values));
  const own = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const file = (...path: string[]) => join(context.extensionPath, ...path);
  const notices = own(new Notices());
  const log = (line: string) => notices.log.info(line);
  const settings = own(new Settings());
  const commands = own(new CommandRegistry((command, error) => notices.commandFailed(command, error)));
  const documents = own(
    new TraceDocuments(own(new Reader(file('dist', 'trace-reader.js'))), (error) => notices.failed(error)),
  );
  const surfaces = own(new Surfaces(documents, { get: () => undefined }));
  const targets = new Targets(surfaces);
  const storage = (context.storageUri ?? context.globalStorageUri).fsPath;
  const cache = new RewardCache(join(storage, 'rewards'), () => settings.get('cache.maxSize') * 2 ** 20);
  const host = own(
    new ModelHost(
      file('dist', 'likelihood-worker.js'),
      () => ({
        folder: settings.get('model.folder') || file('model'),
        nodePath: settings.get('model.nodePath') || undefined,
        threads: settings.get('model.threads') || undefined,
      }),
      () => settings.get('model.idleMinutes') * 60_000,
      context.globalState,
      log,
    ),
  );
  const isVisible = surfaces.isVisible.bind(surfaces);
  const scoring = own(new ScoringService(host, cache, settings, isVisible, log));
  const auto = own(new AutoScore(surfaces, scoring, settings));
  own(new ScoreCommands(commands, targets, scoring, auto));
  own(new Decorations(surfaces, settings, vscode.Uri.joinPath(context.extensionUri, 'media')));
  own(new Lenses(surfaces));
  own(new Status(surfaces, scoring, settings));
  const keys = new ContextKeys((key, value) => void vscode.commands.executeCommand('setContext', key, value));
  own(new ContextState(surfaces, scoring, keys));
  documents.start();
  return createApi(documents, host);
}
