import * as vscode from 'vscode';
import type { TraceSource } from '../trajectory';
import { fileFor } from './active-file';
import type { CommandRegistry } from './command-registry';
import { Disposable } from './disposable';
import { t } from './l10n';
import type { Settings } from './settings';
import type { FieldsSetting } from './settings-schema';
import { CommandError } from './targets';

/** Commands for how files are read. What they need of the readers is loaded when they are run. */
export class ReadingCommands extends Disposable {
  constructor(
    commands: CommandRegistry,
    private readonly settings: Settings,
  ) {
    super();
    commands.register({
      'steplens.mapFields': (file) => this.mapFields(file),
      'steplens.splitSteps': (file) => this.splitSteps(file),
    });
  }

  private async mapFields(given: unknown): Promise<void> {
    const { uri, source } = sourceFor(given);
    const { mapFields } = await import('./map-fields/map-fields');
    const { detectFormat } = await import('../trajectory');
    const { RECOGNITION } = await import('./reading/protocol');
    const mapping = await mapFields(source);
    if (!mapping) return;
    const [best] = await detectFormat(source);
    // A file of a known format is read by the mapping only where the mapping names it.
    const isKnown = best !== undefined && best.confidence >= RECOGNITION;
    const setting: FieldsSetting = isKnown ? { ...mapping, files: nameOf(uri) } : { ...mapping };
    await this.settings.updateHere('fields', setting, uri);
  }

  private async splitSteps(given: unknown): Promise<void> {
    const { uri, source } = sourceFor(given);
    const { checkTerms, recognise } = await import('./reading/recognise');
    const { chooseSplit } = await import('./splitting/split-steps');
    const terms = this.settings.reading(uri);
    const { gold: _, ...reading } = terms;
    const found = await recognise(source, await checkTerms(reading), 0);
    if (!found) throw new CommandError(t('No trace can be read from this file.'));
    const { format, fields } = found.options;
    const known = { ...(format !== undefined && { format }), ...(fields && { fields }) };
    const split = await chooseSplit(source, known, terms.split);
    if (split !== undefined) await this.settings.updateHere('split', split, uri);
  }
}

/** @throws {CommandError} there is no file, or none that can be read */
function sourceFor(given: unknown): { readonly uri: vscode.Uri; readonly source: TraceSource } {
  const uri = fileFor(given);
  if (!uri) throw new CommandError(t('Open a file with traces first.'));
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return { uri, source: { text: open.getText(), name: nameOf(uri) } };
  if (uri.scheme !== 'file') throw new CommandError(t('Open a file with traces first.'));
  return { uri, source: { path: uri.fsPath } };
}

const nameOf = (uri: vscode.Uri): string => uri.path.split('/').at(-1) ?? '';
