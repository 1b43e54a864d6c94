import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { fetchGguf } from '../../../scripts/model/source';
import { benchPackage } from './install';

/** A token asked for the probabilities of what follows it, or only fed. */
export type Fed = number | [token: number, { generateNext: { probabilities: true } }];

/** The parts of node-llama-cpp's interface that are used here. */
export interface LlamaSequence {
  readonly nextTokenIndex: number;
  eraseContextTokenRanges(ranges: readonly { start: number; end: number }[]): Promise<void>;
  clearHistory(): Promise<void>;
  controlledEvaluate(
    input: readonly Fed[],
  ): Promise<readonly ({ next: { probabilities?: Map<number, number> } } | undefined)[]>;
  evaluate(tokens: readonly number[], options: object): AsyncGenerator<number>;
}
interface LlamaModule {
  getLlama(options: object): Promise<{
    loadModel(options: object): Promise<{
      createContext(options: object): Promise<{ getSequence(): LlamaSequence }>;
      readonly tokens: { readonly eos: number | null };
    }>;
  }>;
}

/** node-llama-cpp (prebuilt, on the processor) on the GGUF file that the bundled model was made of. */
export async function openLlama(sequences: number, contextSize: number) {
  const { getLlama } = await benchPackage<LlamaModule>('node-llama-cpp');
  const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, logLevel: 'error' });
  const model = await llama.loadModel({ modelPath: fetchGguf(resolve('.cache')) });
  const context = await model.createContext({ contextSize, sequences, threads: availableParallelism() });
  return {
    sequences: Array.from({ length: sequences }, () => context.getSequence()),
    eos: model.tokens.eos,
  };
}
