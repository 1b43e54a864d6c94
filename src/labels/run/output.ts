import type { HumanLabels } from '../human/human-labels';
import { toLabelRecord } from '../label-record';
import type { Tally } from '../meta';
import { Numbers } from '../numbers';
import { fitSoftLabels, type SoftLabelScale } from '../soft-label';
import type { Entry } from './entry';
import { LineFile } from './line-file';

/** The entries of a file's traces, in order, as often as they are asked for. */
export type Entries = () => AsyncIterable<Entry>;

/** Fits the scale of the soft labels to all rewards of a file. Holds one number a step. */
export async function fitScale(entries: Entries): Promise<SoftLabelScale> {
  const rewards = new Numbers();
  for await (const entry of entries()) {
    if (entry.kind === 'scored') for (const step of entry.scored.steps) rewards.add(step.reward);
  }
  return fitSoftLabels(rewards.all);
}

export interface OutputRule {
  readonly scale: SoftLabelScale;
  readonly threshold?: number;
  readonly human: HumanLabels;
}

/**
 * Writes the label file under a provisional name; what can't be completed is removed again.
 * @returns the SHA-256 of what was written
 */
export async function writeLabels(
  path: string,
  entries: Entries,
  { scale, threshold, human }: OutputRule,
  tally: Tally,
): Promise<string> {
  const rule = { scale, ...(threshold === undefined ? {} : { threshold }) };
  const file = await LineFile.create(path);
  try {
    for await (const entry of entries()) {
      if (entry.kind === 'unscored') {
        tally.skip(entry);
        continue;
      }
      const record = toLabelRecord(entry.scored, rule, entry.given, human.labels.get(entry.trace));
      tally.add(entry, record);
      await file.add(`${JSON.stringify(record)}\n`);
    }
    return await file.finish();
  } catch (error) {
    await file.discard();
    throw error;
  }
}
