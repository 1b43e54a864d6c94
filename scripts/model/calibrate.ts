import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { LlamaConfig, LlamaWeights } from '../../src/models/import/llama';
import { recordingPeaks } from '../../src/models/import/precision/peaks';
import { writeScoringGraph } from '../../src/models/import/scoring-graph';
import type { ActivationPeaks } from '../../src/models/import/smooth';

/** Texts that look like what the model will score: the example traces, each as one text. */
export function calibrationTexts(examples: string): string[] {
  const lines = readFileSync(join(examples, 'traces.jsonl'), 'utf8').trim().split('\n');
  return lines.map((line) => {
    const { question, steps, answer } = JSON.parse(line) as {
      question: string;
      steps: string[];
      answer: string;
    };
    return [
      'Question: ',
      question,
      ...steps.map((step) => `\n\n${step}`),
      `\n\nThe answer is: ${answer}`,
    ].join('');
  });
}

/** Runs the texts through the 32-bit model and records the largest magnitude of every linear layer's input channels. */
export async function measurePeaks(
  weights: LlamaWeights,
  texts: readonly (readonly number[])[],
): Promise<ActivationPeaks> {
  const folder = mkdtempSync(join(tmpdir(), 'steplens-calibration-'));
  try {
    writeScoringGraph(weights, recordingPeaks(), folder);
    const session = await InferenceSession.create(join(folder, 'model.onnx'), { logSeverityLevel: 3 });
    const peaks = new Map<string, Float32Array>();
    for (const ids of texts) {
      const outputs = await session.run(plainPass(weights.config, ids));
      for (const name of session.outputNames.filter((n) => n.startsWith('peak.'))) {
        const values = outputs[name]?.data as Float32Array;
        const known = peaks.get(name);
        peaks.set(
          name,
          known ? known.map((peak, i) => Math.max(peak, values[i] ?? 0)) : Float32Array.from(values),
        );
      }
    }
    await session.release();
    return (layer, part) => {
      const found = peaks.get(`peak.layers.${layer}.${part}`);
      if (!found) throw new Error(`no activations were recorded for layer ${layer}, ${part}`);
      return found.map((peak) => Number(peak.toPrecision(3))); // so that rounding on another machine changes nothing
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The scoring graph's inputs for one plain causal text; asks for nothing but its keys and values. */
export function plainPass(config: LlamaConfig, ids: readonly number[]): Record<string, Tensor> {
  const count = ids.length;
  const int64 = (values: readonly number[], dims: readonly number[]) =>
    new Tensor('int64', BigInt64Array.from(values, BigInt), dims);
  const bias = new Float32Array(count * count); // all visible: the attention is causal by itself
  const feeds: Record<string, Tensor> = {
    input_ids: int64(ids, [1, count]),
    position_ids: int64([...ids.keys()], [1, count]),
    attention_bias: new Tensor('float32', bias, [1, 1, count, count]),
    seqlens_k: new Tensor('int32', Int32Array.of(count - 1), [1]),
    total_length: new Tensor('int32', Int32Array.of(count), []),
    rows: int64([0], [1]),
    pairs: int64([0, 0], [1, 2]),
    keep: int64([], [0]),
  };
  for (let layer = 0; layer < config.num_hidden_layers; layer++) {
    for (const part of ['key', 'value']) {
      const dims = [1, config.num_key_value_heads, 0, config.head_dim];
      feeds[`past.${layer}.${part}`] = new Tensor('float32', new Float32Array(0), dims);
    }
  }
  return feeds;
}
