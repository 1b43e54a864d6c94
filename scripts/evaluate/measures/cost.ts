import { type CpmiSettings, DEFAULT_SETTINGS } from '../../../src/cpmi/settings';
import { findModelFiles } from '../../../src/likelihood/onnx/model-files';
import { loadTokenizer } from '../../../src/likelihood/onnx/tokenizer';
import { buildTrie } from '../../../src/likelihood/token-trie';
import { prepared, type Subject } from '../subjects';

/** Positions that some settings run through a model for a trace, on average. */
export type CostOf = (settings: Partial<CpmiSettings>, subjects: readonly Subject[]) => number;

/** Counts by the model's tokenizer alone: what is counted needs no clock and no pass. */
export async function costCounter(model: string): Promise<CostOf> {
  const { folder } = await findModelFiles(model);
  const { encode, start } = await loadTokenizer(folder);
  return (settings, subjects) => {
    const positions = subjects.map((subject) => {
      const { plan } = prepared(subject, { ...DEFAULT_SETTINGS, ...settings });
      return buildTrie(plan.requests, encode, Number.MAX_SAFE_INTEGER, 'error', start).token.length;
    });
    return positions.reduce((sum, count) => sum + count, 0) / Math.max(1, positions.length);
  };
}
