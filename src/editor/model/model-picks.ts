import type { ModelInfo } from '../../models';
import { t } from '../l10n';

/** What a pick of the chooser does. */
export type ModelAction =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'browse' | 'download' | 'server' | 'import' };

/** A line of the chooser; VS Code's QuickPickItem fits. */
export interface ModelPick {
  readonly label: string;
  readonly description?: string;
  readonly detail?: string;
  readonly action?: ModelAction;
  /** A line between groups. */
  readonly separator?: boolean;
}

/**
 * The lines of the chooser: the models of this machine, then the ways to others.
 * @param now the folder of the setting, '' for the bundled model; undefined where a server scores
 * @param ways what can be done here
 */
export function modelPicks(
  models: readonly ModelInfo[],
  now: string | undefined,
  ways: readonly ('server' | 'import')[],
): ModelPick[] {
  const [bundled, ...stored] = models;
  const picks: ModelPick[] = [];
  const add = (model: ModelInfo, label: string, folder: string) =>
    picks.push({
      label: folder === now ? `$(check) ${label}` : label,
      description: describe(model),
      ...(model.problem === undefined ? {} : { detail: `$(warning) ${model.problem}` }),
      action: { kind: 'folder', folder },
    });
  if (bundled) add(bundled, t('Bundled model'), '');
  for (const model of stored) if (model.kind !== 'weights') add(model, model.name, model.folder);
  if (now && !models.some(({ folder }) => folder === now)) {
    picks.push({ label: `$(check) ${now}`, action: { kind: 'folder', folder: now } });
  }
  picks.push({ label: t('Another one'), separator: true });
  picks.push({
    label: t('$(folder) Browse…'),
    description: t('a model folder on this machine'),
    action: { kind: 'browse' },
  });
  picks.push({
    label: t('$(cloud-download) Download…'),
    description: t('from the Hugging Face hub'),
    action: { kind: 'download' },
  });
  if (ways.includes('server')) {
    picks.push({
      label: now === undefined ? t('$(check) Server…') : t('$(server) Server…'),
      description: t('that gives the likelihood of a prompt'),
      action: { kind: 'server' },
    });
  }
  if (ways.includes('import')) {
    picks.push({
      label: t('$(file-binary) Import GGUF…'),
      description: t('or safetensors'),
      action: { kind: 'import' },
    });
  }
  return picks;
}

/** `139 MB · apache-2.0 · 254 tokens/s · used 26/11/2026`. */
function describe({ size, licence, usage }: ModelInfo): string {
  return [
    sizeText(size),
    licence,
    usage?.speed === undefined ? undefined : t('{0} tokens/s', usage.speed),
    usage === undefined ? undefined : t('last used {0}', new Date(usage.lastUsed).toLocaleDateString()),
  ]
    .filter((part) => part !== undefined)
    .join(' · ');
}

/** In decimal units, as disks are sold. */
export function sizeText(bytes: number): string {
  return bytes >= 1e9
    ? `${(bytes / 1e9).toFixed(1)} GB`
    : `${Math.max(0.1, bytes / 1e6).toFixed(bytes >= 1e8 ? 0 : 1)} MB`;
}
