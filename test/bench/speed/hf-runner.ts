import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { LlamaConfig } from '../../../src/models/import/llama';
import { padded, targetLogProbs } from './batches';
import { hfExport } from './hf-export';
import type { TokenRequest } from './workload';

export type Cache = readonly Tensor[];

/** The bundled weights in their own precision, behind a graph in the Hugging Face layout: batches, a cache, all logits. */
export class HfRunner {
  private constructor(
    private readonly session: InferenceSession,
    private readonly config: LlamaConfig,
  ) {}

  static async open(): Promise<HfRunner> {
    const folder = await hfExport();
    const session = await InferenceSession.create(join(folder, 'onnx', 'model_quantized.onnx'), {
      logSeverityLevel: 3,
    });
    return new HfRunner(
      session,
      JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as LlamaConfig,
    );
  }

  async logProbs(requests: readonly TokenRequest[]): Promise<{ values: number[]; positions: number }> {
    const batch = padded(requests);
    const { logits } = await this.run(
      batch.ids,
      batch.mask,
      [batch.rows, batch.width],
      this.emptyCache(batch.rows),
    );
    return { values: targetLogProbs(requests, batch.width, logits), positions: batch.ids.length };
  }

  /** @param mask [rows, past + width] */
  async run(
    ids: BigInt64Array,
    mask: BigInt64Array,
    [rows, width]: readonly [number, number],
    cache: Cache,
  ): Promise<{ logits: Float32Array; cache: Cache }> {
    const total = mask.length / rows;
    const positions = BigInt64Array.from({ length: ids.length }, (_, i) =>
      BigInt(total - width + (i % width)),
    );
    const feeds: Record<string, Tensor> = {
      input_ids: new Tensor('int64', ids, [rows, width]),
      attention_mask: new Tensor('int64', mask, [rows, total]),
      position_ids: new Tensor('int64', positions, [rows, width]),
    };
    this.names('past_key_values').forEach((name, i) => {
      const tensor = cache[i];
      if (tensor) feeds[name] = tensor;
    });
    const outputs = await this.session.run(feeds);
    return {
      logits: outputs.logits?.data as Float32Array,
      cache: this.names('present').map((name) => outputs[name] as Tensor),
    };
  }

  emptyCache(rows: number): Cache {
    const { num_key_value_heads: heads, head_dim: dim } = this.config;
    return this.names('past').map(() => new Tensor('float32', new Float32Array(0), [rows, heads, 0, dim]));
  }

  private names(side: string): string[] {
    return Array.from({ length: this.config.num_hidden_layers }, (_, layer) =>
      ['key', 'value'].map((part) => `${side}.${layer}.${part}`),
    ).flat();
  }
}
