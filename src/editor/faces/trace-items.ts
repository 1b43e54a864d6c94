import * as vscode from 'vscode';
import { commandOf } from '../command-registry';
import type { StepTarget } from '../commands';
import type { Trace } from '../document/trace';
import type { TraceDocument } from '../document/trace-document';
import { t } from '../l10n';
import { bandOf, formatReward, label, lowSteps, oneLine } from '../present';
import type { BandEdges } from '../settings-schema';

/** A row of the side bar: a trace or one of its steps. As a command's argument it names what it stands for. */
export interface TraceNode extends StepTarget {
  readonly document: TraceDocument;
  readonly of: Trace;
}

export interface ItemStyle {
  readonly threshold: number;
  readonly edges: BandEdges;
}

/** How a row looks. */
export function itemOf(node: TraceNode, style: ItemStyle): vscode.TreeItem {
  return node.step === undefined ? traceItem(node, style) : stepItem(node, node.step, style);
}

function traceItem(node: TraceNode, { threshold }: ItemStyle): vscode.TreeItem {
  const trace = node.of;
  const item = new vscode.TreeItem(label(trace.id), vscode.TreeItemCollapsibleState.Collapsed);
  const low = lowSteps(trace, threshold).length;
  const { lowest, state } = trace;
  item.id = `${node.uri}#${trace.index}`;
  item.contextValue = 'trace';
  item.iconPath = traceIcon(trace);
  item.command = commandOf('steplens.openStep', t('Open'), plain(node));
  const shown = lowest && !trace.stale ? [lowest.index + 1, formatReward(lowest.reward)] : undefined;
  const question = oneLine(trace.trajectory.question.text, 300);
  item.tooltip = shown ? `${t('Lowest: step {0}, {1}', ...shown)}\n${question}` : question;
  item.description = [
    state.kind === 'failed' ? t('not scored: {0}', label(state.reason, 80)) : undefined,
    trace.stale ? t('outdated') : undefined,
    shown ? t('step {0}: {1}', ...shown) : undefined, // short: the side bar is narrow
    low > 0 ? t('{0} low', low) : undefined,
  ]
    .filter((part) => part)
    .join(' · ');
  return item;
}

function stepItem(node: TraceNode, index: number, { threshold, edges }: ItemStyle): vscode.TreeItem {
  const trace = node.of;
  const text = trace.trajectory.steps[index]?.text ?? '';
  const step = trace.stepReward(index);
  const item = new vscode.TreeItem(`${index + 1}. ${label(text, 80)}`);
  item.id = `${node.uri}#${trace.index}.${index}`;
  item.contextValue = 'step';
  item.command = commandOf('steplens.openStep', t('Open'), plain(node));
  item.tooltip = oneLine(text, 600);
  if (!step) return item;
  item.description = formatReward(step.reward);
  const band = trace.stale ? 'neutral' : bandOf(step.reward, edges);
  const kind = band === 'neutral' ? 'neutral' : step.reward < 0 ? 'loss' : 'gain';
  const icon = step.reward < threshold ? 'triangle-down' : step.reward < 0 ? 'chevron-down' : 'chevron-up';
  item.iconPath = new vscode.ThemeIcon(icon, new vscode.ThemeColor(`steplens.${kind}Foreground`));
  return item;
}

/** A command's argument must be plain data: a tree item is sent to VS Code's window. */
const plain = ({ uri, trace, step }: TraceNode): StepTarget => ({
  uri,
  trace,
  ...(step === undefined ? {} : { step }),
});

function traceIcon(trace: Trace): vscode.ThemeIcon {
  if (trace.state.kind === 'running') return new vscode.ThemeIcon('loading~spin');
  if (trace.state.kind === 'waiting') return new vscode.ThemeIcon('watch');
  if (trace.state.kind === 'failed') return new vscode.ThemeIcon('warning');
  switch (trace.outcome) {
    case 'right':
      return new vscode.ThemeIcon('pass', new vscode.ThemeColor('steplens.gainForeground'));
    case 'wrong':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('steplens.lossForeground'));
    case 'unknown':
      return new vscode.ThemeIcon('circle-outline');
  }
}
