import { createHash } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import type { HumanLabels } from '../human/human-labels';
import { onFile } from '../label-error';
import { toLabelRecord } from '../label-record';
import type { Tally } from '../meta';
import { fitSoftLabels, type SoftLabelScale } from '../soft-label';
import type { Entry } from './entry';

/** Bytes collected before they are written. */
const BLOCK = 1024 * 1024;

/** The entries of a file's traces, in order, as often as they are asked for. */
export type Entries = () => AsyncIterable<Entry>;

/** Fits the scale of the soft labels to all rewards of a file. Holds one number a step. */
export async function fitScale(entries: Entries): Promise<SoftLabelScale> {
  const rewards: number[] = [];
  for await (const entry of entries()) {
    if (entry.kind === 'scored') for (const step of entry.scored.steps) rewards.push(step.reward);
  }
  return fitSoftLabels(rewards);
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
  const hash = createHash('sha256');
  try {
    const file = await onFile('write', path, () => open(path, 'w'));
    try {
      let block: string[] = [];
      let length = 0;
      const flush = async () => {
        const bytes = Buffer.from(block.join(''));
        block = [];
        length = 0;
        hash.update(bytes);
        await onFile('write', path, () => file.appendFile(bytes));
      };
      for await (const entry of entries()) {
        if (entry.kind === 'unscored') {
          tally.skip(entry);
          continue;
        }
        const record = toLabelRecord(entry.scored, rule, entry.given, human.labels.get(entry.trace));
        tally.add(entry, record);
        const line = `${JSON.stringify(record)}\n`;
        block.push(line);
        length += line.length;
        if (length >= BLOCK) await flush();
      }
      await flush();
      await onFile('write', path, () => file.datasync());
    } finally {
      await file.close();
    }
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  }
  return hash.digest('hex');
}
