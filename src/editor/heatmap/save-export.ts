import * as vscode from 'vscode';
import type { ExportedMessage, ExportMessage } from '../../heatmap/protocol';
import { t } from '../l10n';

/** Asks where to save what the page exports, beside the trace file if possible, and saves it. */
export async function saveExport(
  { kind, name, data }: ExportMessage,
  source: vscode.Uri,
): Promise<ExportedMessage> {
  // The name comes from the page: nothing but a plain file name is taken.
  const safe = name.replace(/[\\/:*?"<>|]/g, '_').slice(0, 120) || `heatmap.${kind}`;
  const uri = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(source, '..', safe),
    filters: { [kind.toUpperCase()]: [kind] },
  });
  if (!uri) return { type: 'exported', ok: false, note: t('Not exported.') };
  try {
    await vscode.workspace.fs.writeFile(uri, data);
    return { type: 'exported', ok: true, note: t('Exported to {0}', uri.path.split('/').at(-1) ?? '') };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { type: 'exported', ok: false, note: t('Not exported: {0}', reason) };
  }
}
