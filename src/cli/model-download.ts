import { Presets, SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import {
  chooseVariant,
  download,
  endpointOf,
  type HubOptions,
  type Repository,
  readRepository,
  type Variant,
  variantsOf,
} from '../models/hub';
import { environmentFetch } from '../models/hub/proxy';
import { modelInfo } from '../models/info';
import { CliError } from './errors';
import { interruptSignal } from './interrupt';
import { modelStore } from './model';
import { acting } from './model-command';
import { oneLine } from './terminal';
import { bytes, confirmed } from './wording';

interface DownloadCommandOptions {
  readonly precision?: string;
  readonly revision?: string;
  readonly yes?: boolean;
  readonly use?: boolean;
}

export function downloadCommand(group: Command): void {
  group
    .command('download')
    .description('download a model from the Hugging Face hub, after asking')
    .argument('<repository>', 'OWNER/NAME')
    .option('--precision <name>', 'which of the forms it has: fp32, fp16, q4, safetensors, q8_0, …')
    .option('--revision <name>', 'branch, tag or commit (default: the newest)')
    .option('--yes', 'do not ask')
    .option('--use', 'choose it afterwards')
    .addHelpText(
      'after',
      '\nHF_ENDPOINT names a mirror, HF_TOKEN a token for gated models, HTTPS_PROXY a proxy, STEPLENS_HOME the storage folder.',
    )
    .action((name: string, options: DownloadCommandOptions) => acting(() => run(name, options)));
}

async function run(name: string, { precision, revision, yes, use }: DownloadCommandOptions): Promise<void> {
  if (['1', 'true', 'yes', 'on'].includes((process.env.HF_HUB_OFFLINE ?? '').toLowerCase())) {
    throw new CliError('HF_HUB_OFFLINE is set: nothing is downloaded');
  }
  const signal = interruptSignal();
  const store = modelStore();
  const options: HubOptions = {
    endpoint: endpointOf(),
    token: process.env.HF_TOKEN || undefined,
    fetch: environmentFetch(),
    signal,
    onWait: (reason, seconds) =>
      process.stderr.write(`steplens: ${reason}; again in ${seconds.toFixed(0)} s\n`),
  };
  const repository = await readRepository(name, options, revision);
  const variant = chooseVariant(repository, precision);
  process.stdout.write(offer(repository, variant));
  if (!(await confirmed(`Download ${bytes(variant.bytes)} to ${store.home}?`, yes))) {
    throw new CliError('nothing is downloaded');
  }
  const bar = startBar(variant.bytes);
  const model = await download(repository, variant, {
    ...options,
    home: store.home,
    onProgress: bar.to,
  }).finally(bar.stop);
  process.stdout.write(`${oneLine(model.name)} is in ${model.folder}\n`);
  if (variant.kind !== 'onnx') {
    process.stdout.write(
      `It is not in a form that can be used at once: steplens model import ${model.folder}\n`,
    );
    return;
  }
  const { problem } = await modelInfo(model, store.home);
  if (problem !== undefined) throw new CliError(`it is downloaded and cannot be used: ${problem}`);
  if (use) await store.use(model.name);
  process.stdout.write(
    use
      ? 'It is used from now on\n'
      : `Try it with --model ${model.name}, or choose it with steplens model use ${model.name}\n`,
  );
}

/** What would be downloaded, before anything is. */
function offer(repository: Repository, variant: Variant): string {
  const { name, revision, licence, gated } = repository;
  const others = variantsOf(repository).filter((other) => other.name !== variant.name);
  const lines = [
    `${name} at ${revision.slice(0, 12)}`,
    `licence: ${licence ?? 'not said; see its page'}${gated ? ' (gated: its owner wants you to accept the terms)' : ''}`,
    `${variant.name}, ${bytes(variant.bytes)}:`,
    ...variant.files.map((file) => `  ${bytes(file.bytes).padStart(9)}  ${oneLine(file.path)}`),
    ...(others.length > 0
      ? [
          `also there (--precision): ${others.map((other) => `${other.name} (${bytes(other.bytes)})`).join(', ')}`,
        ]
      : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** A bar on stderr where that is a terminal. */
function startBar(total: number): { to(done: number): void; stop(): void } {
  if (!process.stderr.isTTY) return { to() {}, stop() {} };
  const bar = new SingleBar(
    {
      stream: process.stderr,
      clearOnComplete: true,
      hideCursor: true,
      format: ' {bar} {percentage} % · {amount} · {eta_formatted} left',
    },
    Presets.shades_classic,
  );
  bar.start(total, 0, { amount: bytes(0) });
  return { to: (done) => bar.update(done, { amount: bytes(done) }), stop: () => bar.stop() };
}
