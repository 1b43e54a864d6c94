import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { loadTokenizer } from '../../src/likelihood/onnx/tokenizer';
import { withAdapter } from '../../src/models/import/adapter';
import { openGgufModel } from '../../src/models/import/gguf-source';
import type { LlamaWeights } from '../../src/models/import/llama';
import { OnnxGraph } from '../../src/models/import/onnx-graph';
import { PRECISIONS, type PrecisionName } from '../../src/models/import/precision/index';
import { openSafetensors } from '../../src/models/import/safetensors-file';
import { scoringGraph } from '../../src/models/import/scoring-graph';
import { smooth } from '../../src/models/import/smooth';
import { calibrationTexts, measurePeaks } from './calibrate';
import { fetchGguf, SOURCE } from './source';

interface Options {
  readonly out: string;
  readonly cache: string;
  readonly precision: PrecisionName;
  readonly smooth: boolean;
  readonly adapter?: string;
}

/** The graph with an adapter, which shares the weights of the one without. */
const LABELLER = 'labeller';

/** `npm run model:import`: the GGUF weights → a model folder with our scoring graph and Hugging Face's tokenizer files. */
async function main(): Promise<void> {
  const options = new Command('model:import')
    .option('--out <folder>', 'where the model folder is written', 'model')
    .option('--cache <folder>', 'where the download is kept', '.cache')
    .addOption(
      new Option('--precision <name>', 'how weights are stored')
        .choices(Object.keys(PRECISIONS))
        .default('int8'),
    )
    .option('--no-smooth', 'leave activation outliers where they are')
    .option('--adapter <folder>', 'write labeller.onnx too: with what scripts/labeller has trained')
    .parse()
    .opts<Options>();

  const out = resolve(options.out);
  mkdirSync(out, { recursive: true });
  const json = (name: string, value: object, indent?: number) =>
    writeFileSync(join(out, name), `${JSON.stringify(value, null, indent)}\n`);

  const gguf = await openGgufModel(fetchGguf(resolve(options.cache)));
  for (const [name, text] of Object.entries(gguf.tokenizer)) writeFileSync(join(out, name), text);
  json(
    'config.json',
    {
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      ...gguf.config,
      hidden_act: 'silu',
      tie_word_embeddings: true,
      ...gguf.tokens,
      steplens: {
        name: 'SmolLM2-135M-Instruct',
        graph: 'tree',
        precision: options.precision,
        smoothed: options.smooth,
        source: SOURCE,
        ...(options.adapter
          ? { graphs: { [`${LABELLER}.onnx`]: { name: 'Steplens-Labeller-135M', judges: true } } }
          : {}),
      },
    },
    2,
  );
  const { encode } = await loadTokenizer(out);
  const texts = options.smooth
    ? calibrationTexts(resolve('examples')).map((text) => encode(text))
    : undefined;
  const peaks = texts && (await measurePeaks(gguf.weights, texts));
  const write = (weights: LlamaWeights, graph: OnnxGraph): OnnxGraph => {
    const smoothed = peaks ? smooth(weights, peaks) : weights;
    const made = scoringGraph(smoothed, PRECISIONS[options.precision](), graph);
    made.write();
    return made;
  };
  const base = write(gguf.weights, new OnnxGraph(out, 'model'));
  console.log(`${out}: SmolLM2-135M-Instruct, ${options.precision}`);
  if (options.adapter) {
    const adapter = await openSafetensors(options.adapter);
    write(withAdapter(gguf.weights, adapter), new OnnxGraph(out, LABELLER, undefined, base.placed));
    adapter.close();
    console.log(`${out}: ${LABELLER}, the same weights with the adapter`);
  }
  gguf.close();
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
