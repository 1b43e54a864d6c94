import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { openGguf } from './gguf-weights';
import { PRECISIONS, type PrecisionName } from './precision/index';
import { writeScoringGraph } from './scoring-graph';
import { fetchGguf, SOURCE } from './source';
import { tokenizerFiles } from './tokenizer-files';

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
    .parse()
    .opts<{ out: string; cache: string; precision: PrecisionName }>();

  const out = resolve(options.out);
  const model = await openGguf(fetchGguf(resolve(options.cache)));
  writeScoringGraph(model, PRECISIONS[options.precision](), out);
  const { tokenizer, tokenizerConfig } = tokenizerFiles(model.metadata);
  const config = {
    architectures: ['LlamaForCausalLM'],
    model_type: 'llama',
    ...model.config,
    hidden_act: 'silu',
    tie_word_embeddings: true,
    bos_token_id: Number(model.metadata['tokenizer.ggml.bos_token_id']),
    eos_token_id: Number(model.metadata['tokenizer.ggml.eos_token_id']),
    steplens: {
      name: 'SmolLM2-135M-Instruct',
      graph: 'tree',
      precision: options.precision,
      source: SOURCE,
    },
  };
  const json = (name: string, value: object, indent?: number) =>
    writeFileSync(join(out, name), `${JSON.stringify(value, null, indent)}\n`);
  json('config.json', config, 2);
  json('tokenizer.json', tokenizer);
  json('tokenizer_config.json', tokenizerConfig, 2);
  console.log(`${out}: SmolLM2-135M-Instruct, ${options.precision}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
