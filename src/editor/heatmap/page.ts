import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { heatmapHtml } from '../../heatmap/html';
import {
  type AskStepMessage,
  type HeatmapSettings,
  type HostMessage,
  MAX_STEP_TEXT,
} from '../../heatmap/protocol';
import { HEATMAP_STRINGS } from '../../heatmap/strings';
import type { Trace } from '../document/trace';
import { t } from '../l10n';
import { formatReward, formatShare, goldShareText } from '../present';
import type { Settings } from '../settings';

/** Loads the heatmap's page, which may load nothing but its own two files. */
export function loadPage(webview: vscode.Webview, extension: vscode.Uri): void {
  const folder = vscode.Uri.joinPath(extension, 'dist', 'heatmap');
  webview.options = { enableScripts: true, localResourceRoots: [folder] };
  const uri = (name: string) => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  webview.html = heatmapHtml({
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString('hex'),
    scriptUri: uri('heatmap.js'),
    styleUri: uri('heatmap.css'),
    strings: { title: t(HEATMAP_STRINGS.title), loading: t(HEATMAP_STRINGS.loading) },
    locale: vscode.env.language,
  });
}

/** @param model name of the model that made the rewards, where there are some */
export function initMessage(
  generation: number,
  uri: vscode.Uri,
  settings: Settings,
  model: string | undefined,
): HostMessage {
  const { estimator, templates, negatives } = settings.cpmi(uri);
  return {
    type: 'init',
    generation,
    title: uri.path.split('/').at(-1) ?? '',
    measure: {
      name: t('CPMI reward'),
      unit: t('nats per token'),
      detail: [model, `${estimator}, K = ${templates}, M = ${negatives}`].filter((part) => part).join(' · '),
    },
    settings: heatmapSettings(settings, uri),
    strings: Object.fromEntries(Object.entries(HEATMAP_STRINGS).map(([key, text]) => [key, t(text)])),
    locale: vscode.env.language,
  };
}

export function heatmapSettings(settings: Settings, uri: vscode.Uri): HeatmapSettings {
  return { threshold: settings.get('lowThreshold', uri), bands: settings.get('bands', uri) };
}

/** What the page wants to know of a step; undefined where the trace has no such step. */
export function stepMessage(
  { generation, row, step }: AskStepMessage,
  trace: Trace,
): HostMessage | undefined {
  const text = trace.trajectory.steps[step]?.text;
  if (text === undefined) return undefined;
  const cut = text.length > MAX_STEP_TEXT;
  const details = detailsOf(trace, step);
  return { type: 'step', generation, row, step, text: text.slice(0, MAX_STEP_TEXT), cut, details };
}

function detailsOf(trace: Trace, step: number): string[] {
  const known = trace.stepReward(step);
  if (!known) return [];
  if (trace.scored?.goldSource === 'verdict') {
    return known.goldShare ? [t('correct with {0}', formatShare(known.goldShare.after))] : [];
  }
  const gold = t('gain of the gold answer {0}', formatReward(known.goldGain));
  const wrong =
    known.contrastGain === null ? [] : [t('gain of the wrong answers {0}', formatReward(known.contrastGain))];
  return [gold, ...wrong, ...(known.goldShare ? [goldShareText(known)] : [])];
}
