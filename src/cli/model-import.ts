import { Presets, SingleBar } from 'cli-progress';
import { type Command, Option } from 'commander';
import { IMPORT_PRECISIONS, type ImportPrecision } from '../models/import/precision/names';
import { interruptSignal } from './interrupt';
import { modelStore } from './model';
import { acting } from './model-command';
import { oneLine } from './terminal';
import { bytes } from './wording';

interface ImportCommandOptions {
  readonly out?: string;
  readonly name?: string;
  readonly precision: ImportPrecision;
  readonly use?: boolean;
}

/** `steplens model import`: makes a model folder out of a GGUF file or safetensors weights. */
export function importCommand(group: Command): void {
  group
    .command('import')
    .description('make a fast model out of a GGUF file or safetensors weights')
    .argument('<path>', 'GGUF file, or folder with config.json, tokenizer.json and safetensors weights')
    .option('--name <name>', 'how the model is called (default: the name of the file, and the precision)')
    .addOption(
      new Option('--precision <name>', 'how weights are stored: docs/models.md compares them')
        .choices(IMPORT_PRECISIONS)
        .default(IMPORT_PRECISIONS[0]),
    )
    .option('--out <folder>', 'make this folder, instead of one in the storage folder')
    .option('--use', 'choose it afterwards')
    .action((path: string, options: ImportCommandOptions) => acting(() => run(path, options)));
}

async function run(path: string, { out, name, precision, use }: ImportCommandOptions): Promise<void> {
  const { importModel } = await import('../models/import/import-model'); // large, and seldom needed
  const store = modelStore();
  const bar = startBar();
  const made = await importModel(path, {
    precision,
    home: store.home,
    signal: interruptSignal(),
    onProgress: ({ done, total }) => bar.update(done, total),
    ...(out === undefined ? {} : { out }),
    ...(name === undefined ? {} : { name }),
  }).finally(bar.stop);
  const about = [made.family, precision, bytes(made.bytes), `window of ${made.window} tokens`].join(', ');
  for (const line of [`${made.name} (${about}) is in ${made.folder}`, ...made.notes]) {
    process.stdout.write(`${oneLine(line)}\n`);
  }
  if (use) await store.use(out === undefined ? made.name : made.folder);
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
