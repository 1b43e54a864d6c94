import type { LabelMeta, Shard } from '../labels';

/** What a run has made, for people. */
export function labelSummary(out: string, { counts, softLabels }: LabelMeta): string {
  const { scored, steps, correct, neutral, incorrect, notScored, brokenRecords, human, resumed } = counts;
  const parts = [
    `${correct} correct, ${neutral > 0 ? `${neutral} neutral, ` : ''}${incorrect} incorrect`,
    ...(human > 0 ? [`${human} set by people`] : []),
    ...(resumed > 0 ? [`${resumed} traces from an earlier run`] : []),
    ...(notScored > 0 ? [`${notScored} traces could not be scored`] : []),
    ...(brokenRecords > 0 ? [`${brokenRecords} records could not be read`] : []),
  ];
  const scale = `soft labels: center ${softLabels.center.toPrecision(3)}, scale ${softLabels.scale.toPrecision(3)} (${softLabels.method})`;
  return `${out}: ${scored} traces, ${steps} steps: ${parts.join('; ')}\n${scale}\n`;
}

/** What a run over one shard has made. */
export function shardSummary(out: string, { index, count }: Shard, { counts }: LabelMeta): string {
  const { scored, notScored } = counts;
  const failed = notScored > 0 ? `, ${notScored} could not be scored` : '';
  return `${out}: shard ${index} of ${count}: ${scored} traces${failed}; steplens merge makes the labels of all shards\n`;
}
