import { Presets, SingleBar } from 'cli-progress';
import { type Command, Option } from 'commander';
import { IMPORT_PRECISIONS, type ImportPrecision } from '../models/import/precision/names';
import { CliError } from './errors';
import { interruptSignal } from './interrupt';
import { oneLine } from './terminal';

interface ImportCommandOptions {
  readonly out: string;
  readonly name?: string;
  readonly precision: ImportPrecision;
}

/** `steplens model import`: makes a model folder out of a GGUF file or safetensors weights. */
export function modelImportCommand(models: Command): void {
  models
    .command('import')
    .description('make a fast model folder out of a GGUF file or safetensors weights (docs/models.md)')
    .argument('<path>', 'GGUF file, or folder with config.json, tokenizer.json and safetensors weights')
    .requiredOption('--out <folder>', 'the model folder to make')
    .option('--name <name>', 'how outputs call the model (default: the name of the file or folder)')
    .addOption(
      new Option('--precision <name>', 'how weights are stored').choices(IMPORT_PRECISIONS).default('int8'),
    )
    .action(async (path: string, options: ImportCommandOptions) => {
      const { importModel, ModelImportError } = await import('../models');
      const progress = startBar();
      try {
        const made = await importModel(path, {
          out: options.out,
          precision: options.precision,
          signal: interruptSignal(),
          onProgress: ({ done, total }) => progress.update(done, total),
          ...(options.name === undefined ? {} : { name: options.name }),
        });
        progress.stop();
        const size = `${(made.bytes / 2 ** 20).toFixed(0)} MiB`;
        const lines = [
          `${made.folder}: ${made.name} (${made.family}, ${options.precision}, ${size}, window of ${made.window} tokens)`,
          ...made.notes,
        ];
        process.stdout.write(lines.map((line) => `${oneLine(line)}\n`).join(''));
      } catch (error) {
        throw error instanceof ModelImportError ? new CliError(oneLine(`${path}: ${error.message}`)) : error;
      } finally {
        progress.stop();
      }
    });
}

/** A bar of mebibytes on a terminal, nothing elsewhere. */
function startBar(): { update(done: number, total: number): void; stop(): void } {
  if (!process.stderr.isTTY) return { update() {}, stop() {} };
  const format = ' {bar} {value}/{total} MiB · {eta_formatted} left';
  const bar = new SingleBar(
    { stream: process.stderr, clearOnComplete: true, hideCursor: true, format },
    Presets.shades_classic,
  );
  const mebibytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  let started = false;
  return {
    update(done, total) {
      if (!started) bar.start(mebibytes(total), 0);
      started = true;
      bar.update(mebibytes(done));
    },
    stop: () => bar.stop(),
  };
}
