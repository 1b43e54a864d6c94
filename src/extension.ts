import { join } from 'node:path';
import * as vscode from 'vscode';
import { createApi, type SteplensApi } from './editor/api';
import { CommandRegistry } from './editor/command-registry';
import { ContextKeys } from './editor/context-keys';
import type { TraceDocument } from './editor/document/trace-document';
import { TraceDocuments } from './editor/document/trace-documents';
import { ContextState } from './editor/faces/context-state';
import { Decorations } from './editor/faces/decorations';
import { Diagnostics } from './editor/faces/diagnostics';
import { HiddenSteps } from './editor/faces/hidden-steps';
import { Lenses } from './editor/faces/lenses';
import { QuickFixes } from './editor/faces/quick-fixes';
import { Status } from './editor/faces/status';
import { TracesView } from './editor/faces/traces-view';
import { Heatmaps } from './editor/heatmap/heatmaps';
import { HelpCommands } from './editor/help/help-commands';
import { Hovers } from './editor/hover/hovers';
import { HumanCommands } from './editor/human/human-commands';
import { HumanLabelStore } from './editor/human/human-label-store';
import { useTranslator } from './editor/l10n';
import { LabelFileCommand } from './editor/labelling/label-file-command';
import { LargeEditors } from './editor/large/large-editors';
import { LargeFiles } from './editor/large/large-files';
import { ModelChooser } from './editor/model/choose-model';
import { DoctorCommand, doctorOptions } from './editor/model/doctor-command';
import { DownloadCommand } from './editor/model/download-command';
import { HubToken } from './editor/model/hub-token';
import { ImportCommand } from './editor/model/import-command';
import { serverOptions } from './editor/model/server-choice';
import { ServerCommands } from './editor/model/server-command';
import { ServerKeys } from './editor/model/server-keys';
import { Navigator } from './editor/navigator';
import { Notices } from './editor/notices';
import { ReadableCommands } from './editor/readable/readable-commands';
import { ReadableStyle } from './editor/readable/readable-style';
import { ReadableViews } from './editor/readable/readable-views';
import { Reader } from './editor/reading/reader';
import { ReadingCommands } from './editor/reading-commands';
import { AutoScore } from './editor/scoring/auto-score';
import { RewardCache } from './editor/scoring/cache';
import { ModelHost } from './editor/scoring/model-host';
import { ScoreCommands } from './editor/scoring/score-commands';
import { ScoringService } from './editor/scoring/scoring-service';
import { Settings } from './editor/settings';
import { Surfaces } from './editor/surfaces';
import { Targets } from './editor/targets';
import { ModelStore } from './models';

/** Builds the parts and hands them to each other. Nothing is read and no model is loaded here. */
export function activate(context: vscode.ExtensionContext): SteplensApi {
  const begun = performance.now();
  useTranslator((message, ...values) => vscode.l10n.t(message, ...values));
  const own = <T extends vscode.Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const notices = own(new Notices());
  try {
    const { documents, host } = build(context, notices, own);
    const ms = performance.now() - begun;
    notices.log.info(`activated in ${ms.toFixed(1)} ms`);
    return createApi(documents, host, ms);
  } catch (error) {
    notices.activationFailed(error);
    throw error;
  }
}

function build(
  context: vscode.ExtensionContext,
  notices: Notices,
  own: <T extends vscode.Disposable>(part: T) => T,
): { readonly documents: TraceDocuments; readonly host: ModelHost } {
  const file = (...path: string[]) => join(context.extensionPath, ...path);
  const log = (line: string) => notices.log.info(line);
  const settings = own(new Settings());
  const commands = own(new CommandRegistry((command, error) => notices.commandFailed(command, error)));
  const keys = new ContextKeys((key, value) => void vscode.commands.executeCommand('setContext', key, value));

  // What is said: files, their traces, and where they are shown.
  const reader = own(new Reader(file('dist', 'trace-reader.js'), (fault) => notices.settingUnusable(fault)));
  const terms = (uri: vscode.Uri) => settings.reading(uri);
  const files = own(new LargeFiles(file('dist', 'large-reader.js'), terms));
  const documents = own(new TraceDocuments(reader, terms, files, (error) => notices.failed(error)));
  settings.onDidChange((event) => {
    if (settings.affects(event, 'split', 'fields', 'gold')) documents.readAgain();
  });
  const labels = own(new HumanLabelStore(documents, (error) => notices.labelsUnreadable(error)));
  const views = own(new ReadableViews(documents));
  const surfaces = own(new Surfaces(documents, views));
  const heatmap = (): TraceDocument | undefined => heatmaps.active;
  const targets = new Targets(surfaces, heatmap);
  own(new ReadingCommands(commands, settings));

  // What it is worth: the model, the rewards that are known, and who asks for more.
  const storage = (context.storageUri ?? context.globalStorageUri).fsPath;
  const cache = new RewardCache(join(storage, 'rewards'), () => settings.get('cache.maxSize') * 2 ** 20);
  const model = () => ({
    folder: settings.get('model.folder') || file('model'),
    nodePath: settings.get('model.nodePath') || undefined,
    runtime: settings.get('model.runtime'),
    threads: settings.get('model.threads') || undefined,
    onServer: settings.get('model.server.urls').length > 0,
  });
  const idleMs = () => settings.get('model.idleMinutes') * 60_000;
  const worker = file('dist', 'likelihood-worker.js');
  const serverKeys = own(new ServerKeys(context.secrets));
  const servers = () => serverOptions(settings, serverKeys);
  const host = own(new ModelHost(worker, model, idleMs, context.globalState, log, servers));
  const scoring = own(new ScoringService(host, cache, settings, () => surfaces.onScreen, log));
  const auto = own(new AutoScore(surfaces, scoring, settings));
  const store = () => new ModelStore(file('model'));
  const chooser = own(new ModelChooser(commands, settings, host, scoring, notices, store));
  const token = new HubToken(context.secrets);
  own(new DownloadCommand(commands, store, token, (folder) => chooser.use(folder), log));
  own(new ImportCommand(commands, file('dist', 'cli.js'), log));
  own(new DoctorCommand(commands, store, () => doctorOptions(model(), file('model'), worker, log), log));
  own(new ServerCommands(commands, settings, serverKeys, host));
  own(new ScoreCommands(commands, targets, scoring, auto));
  const labeller = file('dist', 'trace-labeller.js');
  own(new LabelFileCommand(commands, labeller, host, settings, () => heatmap()?.uri, log));
  own(new HumanCommands(commands, targets, labels));

  // How it is shown.
  const navigator = own(new Navigator(commands, surfaces, targets, settings));
  own(new HiddenSteps(commands, targets, surfaces, context.workspaceState));
  own(new Decorations(surfaces, settings, vscode.Uri.joinPath(context.extensionUri, 'media')));
  own(new ReadableStyle(views));
  own(new ReadableCommands(commands, targets, surfaces, views, navigator));
  own(new Hovers(surfaces, settings));
  own(new Diagnostics(surfaces, settings));
  own(new QuickFixes(surfaces));
  own(new Lenses(surfaces));
  own(new Status(surfaces, scoring, settings, host));
  own(new TracesView(commands, surfaces, settings, keys));
  const parts = { extension: context.extensionUri, surfaces, scoring, settings, navigator, log };
  const onFault = (fault: string) => notices.settingUnusable(fault);
  const { extension } = parts;
  const large = own(
    new LargeEditors(commands, { extension, files, documents, views, scoring, settings, log, onFault }),
  );
  const heatmaps = own(new Heatmaps(commands, targets, parts, context.workspaceState, large));
  own(new HelpCommands(commands, context.extensionUri, targets, notices));
  own(new ContextState(surfaces, scoring, keys));

  documents.start();
  return { documents, host };
}
