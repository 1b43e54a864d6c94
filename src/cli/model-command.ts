import type { Command } from 'commander';
import { BUNDLED, ModelError, type ModelInfo, type ModelStore } from '../models';
import { modelInfo } from '../models/info';
import { CliError } from './errors';
import { modelStore } from './model';
import { downloadCommand } from './model-download';
import { importCommand } from './model-import';
import { table } from './table';
import { oneLine } from './terminal';
import { ago, bytes, confirmed } from './wording';

/** `steplens model …`: the models of this machine. */
export function modelCommand(program: Command): void {
  const group = program.command('model').description('list, choose, download, import and remove models');
  group
    .command('list')
    .description('list the models of this machine')
    .option('--json', 'print one JSON object a model and nothing else')
    .action((options: { json?: boolean }) => list(modelStore(), options));
  group
    .command('info')
    .description('say everything about a model')
    .argument('[model]', 'name or folder (default: the chosen one)')
    .option('--json', 'print one JSON object')
    .action((name: string | undefined, options: { json?: boolean }) => info(modelStore(), name, options));
  group
    .command('use')
    .description('choose the model that is used unless --model says otherwise')
    .argument('<model>', `name or folder; ${BUNDLED} is the one that comes along`)
    .action((name: string) =>
      acting(async () => {
        const model = await modelStore().use(name);
        process.stdout.write(`${oneLine(model.name)} is used from now on\n`);
      }),
    );
  downloadCommand(group);
  importCommand(group);
  group
    .command('remove')
    .description('delete a model of the storage folder')
    .argument('<model>', 'its name')
    .option('--yes', 'do not ask')
    .action((name: string, options: { yes?: boolean }) =>
      acting(async () => {
        const store = modelStore();
        const found = await modelInfo(await store.find(name), store.home);
        const question = `Delete ${oneLine(found.name)}, ${bytes(found.size)}, from ${found.folder}?`;
        if (!(await confirmed(question, options.yes))) throw new CliError('nothing is deleted');
        await store.remove(name);
        process.stdout.write(`${oneLine(found.name)} is deleted\n`);
      }),
    );
}

/** Runs what a subcommand does; a mistake about models is one line. */
export async function acting<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw error instanceof ModelError ? new CliError(error.message) : error;
  }
}

async function list(store: ModelStore, { json }: { json?: boolean }): Promise<void> {
  const models = await store.list();
  const infos = await Promise.all(models.map((model) => modelInfo(model, store.home)));
  const chosen = await store.chosen().catch((error: unknown) => {
    if (!(error instanceof ModelError)) throw error;
    process.stderr.write(`steplens: ${error.message}\n`);
    return undefined;
  });
  if (json) {
    for (const model of infos) {
      process.stdout.write(`${JSON.stringify({ ...model, chosen: model.folder === chosen?.folder })}\n`);
    }
    return;
  }
  const head = ['  model', 'kind', 'size', 'licence', 'sha256', 'window', 'tokens/s', 'last used'];
  const rows = infos.map((model) => [
    `${model.folder === chosen?.folder ? '*' : ' '} ${oneLine(model.name)}`,
    model.kind,
    bytes(model.size),
    model.licence ?? '?',
    model.sha256?.slice(0, 8) ?? '',
    String(model.window ?? ''),
    String(model.usage?.speed ?? ''),
    model.usage ? ago(model.usage.lastUsed) : 'never',
  ]);
  process.stdout.write(table([head, ...rows]));
  for (const { name, problem, kind } of infos) {
    if (kind === 'broken') process.stdout.write(`${oneLine(name)}: ${oneLine(problem ?? '')}\n`);
    if (kind === 'weights')
      process.stdout.write(`${oneLine(name)}: to be imported with steplens model import\n`);
  }
  // A chosen folder need not be among those that have a name.
  if (chosen && !models.some(({ folder }) => folder === chosen.folder)) {
    process.stdout.write(`* ${oneLine(chosen.folder)}\n`);
  }
}

async function info(
  store: ModelStore,
  name: string | undefined,
  { json }: { json?: boolean },
): Promise<void> {
  await acting(async () => {
    const model = await modelInfo(
      name === undefined ? await store.chosen() : await store.find(name),
      store.home,
    );
    process.stdout.write(json ? `${JSON.stringify(model)}\n` : described(model));
    if (model.problem !== undefined && !json)
      throw new CliError(`${model.name} cannot be used: ${model.problem}`);
  });
}

function described(model: ModelInfo): string {
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['name', model.name],
    ['folder', model.folder],
    ['kind', model.kind],
    ['size on disk', bytes(model.size)],
    ['licence', model.licence],
    ['from', model.source],
    ['sha256', model.sha256],
    ['window', model.window === undefined ? undefined : `${model.window} tokens`],
    ['speed seen', model.usage?.speed === undefined ? undefined : `${model.usage.speed} tokens a second`],
    ['last used', model.usage ? ago(model.usage.lastUsed) : 'never'],
  ];
  return lines
    .map(([key, value]) => `${key.padEnd(14)}${value === undefined ? 'not known' : oneLine(value)}\n`)
    .join('');
}
