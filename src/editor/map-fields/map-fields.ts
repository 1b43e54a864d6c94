import * as vscode from 'vscode';
import type { FieldMapping, FieldProposal, TraceSource, Trajectory } from '../../trajectory';
import { t } from '../l10n';
import { oneLine } from '../present';
import { ASKED, type AskedField, faultOf, mappingOf, preview, proposalFor } from './preview';

type Choice = vscode.QuickPickItem & { readonly path?: string; readonly own?: true };

/** Most steps of the preview's trace that are listed. */
const SHOWN_STEPS = 20;

/**
 * `Map fields…`: asks where the records of a file say what, with what stands there in the first one, shows the first trace as
 * it would be read.
 * @returns the mapping to be saved; undefined where the user has left
 */
export async function mapFields(source: TraceSource): Promise<FieldMapping | undefined> {
  const proposal = await proposalFor(source);
  if (!proposal) {
    void vscode.window.showWarningMessage(t('Fields can be mapped in JSON only: no record was found here.'));
    return undefined;
  }
  const chosen = new Map<AskedField, string>();
  for (const [index, field] of ASKED.entries()) {
    const choice = await chooseField(field, proposal, index);
    if (!choice) return undefined;
    if (choice.path !== undefined) chosen.set(field, choice.path);
  }
  const mapping = mappingOf(chosen, proposal);
  return (await confirm(source, mapping)) ? mapping : undefined;
}

function titleOf(field: AskedField): string {
  const titles: Record<AskedField, string> = {
    question: t('Where is the question?'),
    steps: t('Where are the steps? A list of texts, or one text that is cut into steps.'),
    answer: t('Where is the right answer?'),
    negatives: t('Where are wrong answers?'),
    labels: t('Where are the labels? One verdict a step, or the index of the first wrong step.'),
    id: t('Where is the name of a record?'),
  };
  return titles[field];
}

/** One path, none, or undefined where the user has left. */
async function chooseField(
  field: AskedField,
  { mapping, candidates }: FieldProposal,
  step: number,
): Promise<{ readonly path?: string } | undefined> {
  const proposed = mapping?.[field];
  const none: Choice[] =
    field === 'steps' ? [] : [{ label: t('Nowhere'), iconPath: new vscode.ThemeIcon('circle-slash') }];
  const paths: Choice[] = candidates[field].map(({ path, sample }) => ({
    label: path,
    detail: sample,
    path,
  }));
  const own: Choice = { label: t('Type a JSONPath…'), iconPath: new vscode.ThemeIcon('edit'), own: true };
  // What is proposed comes first: Enter takes it.
  const first = paths.filter(({ path }) => path === proposed);
  const rest = paths.filter(({ path }) => path !== proposed);
  const picked = await vscode.window.showQuickPick<Choice>(
    proposed === undefined ? [...none, ...rest, own] : [...first, ...rest, ...none, own],
    {
      title: t('Map fields ({0} of {1})', step + 1, ASKED.length),
      placeHolder: titleOf(field),
      matchOnDetail: true,
      ignoreFocusOut: true,
    },
  );
  if (!picked?.own) return picked && (picked.path === undefined ? {} : { path: picked.path });
  const typed = await vscode.window.showInputBox({
    title: titleOf(field),
    value: proposed ?? '$.',
    ignoreFocusOut: true,
    validateInput: (text) => faultOf(field, text),
  });
  return typed === undefined ? undefined : { path: typed };
}

/** Shows the first trace; true where it is as the user wants it. */
async function confirm(source: TraceSource, mapping: FieldMapping): Promise<boolean> {
  const read = await preview(source, mapping);
  if ('problem' in read) {
    const { line, reason } = read.problem;
    void vscode.window.showErrorMessage(
      t('No trace can be read so: line {0}: {1}', line, oneLine(reason, 300)),
    );
    return false;
  }
  const save: vscode.QuickPickItem = {
    label: t('Save to settings'),
    iconPath: new vscode.ThemeIcon('save'),
  };
  const picked = await vscode.window.showQuickPick([save, ...previewItems(read.trajectory)], {
    title: t('Map fields: the first trace'),
    ignoreFocusOut: true,
  });
  return picked === save;
}

function previewItems(trajectory: Trajectory): vscode.QuickPickItem[] {
  const { question, steps, goldAnswer, negatives } = trajectory;
  const row = (label: string, text: string): vscode.QuickPickItem => ({
    label,
    description: oneLine(text, 200),
  });
  const more = steps.length - SHOWN_STEPS;
  return [
    { label: oneLine(trajectory.id, 100), kind: vscode.QuickPickItemKind.Separator },
    row(t('Question'), question.text),
    ...steps.slice(0, SHOWN_STEPS).map((step) => row(t('Step {0}', step.index + 1), step.text)),
    ...(more > 0 ? [row(t('{0} more steps', more), '')] : []),
    row(t('Gold answer'), goldAnswer?.text ?? t('None in this file.')),
    ...(negatives.length > 0 ? [row(t('Wrong answers'), negatives.map(({ text }) => text).join(', '))] : []),
  ];
}
