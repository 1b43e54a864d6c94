import * as vscode from 'vscode';
import { ModelError, type ModelStore, type StoredModel } from '../../models';
import type { HubOptions, Repository, Variant } from '../../models/hub';
import type { CommandRegistry } from '../command-registry';
import { Disposable } from '../disposable';
import { t } from '../l10n';
import { CommandError } from '../targets';
import type { HubToken } from './hub-token';
import { sizeText } from './model-picks';

/** Download model: from the hub into the storage folder, after a yes to its files, size and licence. */
export class DownloadCommand extends Disposable {
  private running = false;

  constructor(
    commands: CommandRegistry,
    private readonly store: () => ModelStore,
    private readonly token: HubToken,
    private readonly choose: (folder: string) => Promise<void>,
    private readonly log: (line: string) => void,
  ) {
    super();
    commands.register({ 'steplens.downloadModel': (name) => this.run(name) });
  }

  private async run(asked: unknown): Promise<void> {
    if (this.running) throw new CommandError(t('A model is being downloaded already.'));
    const name =
      typeof asked === 'string'
        ? asked
        : await vscode.window.showInputBox({
            title: t('Download a model'),
            prompt: t('A repository of the Hugging Face hub'),
            placeHolder: 'HuggingFaceTB/SmolLM2-360M-Instruct',
            ignoreFocusOut: true,
          });
    if (!name) return;
    this.running = true;
    try {
      const found = await this.read(name.trim());
      const variant = found && (await pickVariant(found));
      if (!found || !variant || !(await agreed(found, variant))) return;
      await this.offer(await this.fetch(found, variant), variant);
    } catch (error) {
      if (error instanceof ModelError) throw new CommandError(error.message);
      throw error;
    } finally {
      this.running = false;
    }
  }

  /** What there is, where need be with a token. */
  private async read(name: string): Promise<Repository | undefined> {
    const { readRepository } = await import('../../models/hub');
    const reading = () =>
      withProgress(t('Looking at {0}', name), async (_, signal) =>
        readRepository(name, await this.options(signal)),
      );
    try {
      return await reading();
    } catch (error) {
      if (!(error instanceof ModelError && /HF_TOKEN|token/.test(error.message))) throw error;
      return (await this.token.ask(error.message)) ? reading() : undefined;
    }
  }

  private async fetch(repository: Repository, variant: Variant): Promise<StoredModel> {
    const { download } = await import('../../models/hub');
    const total = sizeText(variant.bytes);
    const model = await withProgress(t('Downloading {0}', repository.name), async (progress, signal) => {
      let shown = 0;
      return download(repository, variant, {
        ...(await this.options(signal)),
        home: this.store().home,
        onProgress: (done) => {
          const percent = Math.floor((100 * done) / variant.bytes);
          if (percent <= shown) return;
          progress.report({ increment: percent - shown, message: t('{0} of {1}', sizeText(done), total) });
          shown = percent;
        },
      });
    });
    this.log(`downloaded ${model.name} (${variant.bytes} bytes) to ${model.folder}`);
    return model;
  }

  private async options(signal: AbortSignal): Promise<HubOptions> {
    const { endpointOf } = await import('../../models/hub');
    return {
      endpoint: endpointOf(),
      token: await this.token.get(),
      signal,
      onWait: (reason, seconds) => this.log(`${reason}; again in ${seconds.toFixed(0)} s`),
    };
  }

  private async offer(model: StoredModel, { kind }: Variant): Promise<void> {
    if (kind !== 'onnx') {
      const start = t('Import');
      const asked = t('{0} is downloaded. It has to be imported before it can be used.', model.name);
      if ((await vscode.window.showInformationMessage(asked, start)) === start) {
        await vscode.commands.executeCommand('steplens.importModel', model.folder);
      }
      return;
    }
    const { modelInfo } = await import('../../models/info');
    const { problem } = await modelInfo(model, this.store().home);
    if (problem !== undefined) throw new CommandError(t('The model cannot be used: {0}', problem));
    const use = t('Use this model');
    if ((await vscode.window.showInformationMessage(t('{0} is downloaded.', model.name), use)) === use) {
      await this.choose(model.folder);
    }
  }
}

/** Which form, where there are several; the proposed one comes first. */
async function pickVariant(repository: Repository): Promise<Variant | undefined> {
  const { chooseVariant, variantsOf } = await import('../../models/hub');
  const proposed = chooseVariant(repository);
  const variants = variantsOf(repository);
  if (variants.length === 1) return proposed;
  const items = variants.map((variant) => ({
    label: variant.name,
    description: sizeText(variant.bytes),
    detail: variant.kind === 'onnx' ? '' : t('to be imported after the download'),
    variant,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: repository.name,
    placeHolder: t('Which form of the weights?'),
    ignoreFocusOut: true,
  });
  return picked && chooseVariant(repository, picked.variant.name);
}

/** Nothing is downloaded before this. */
async function agreed({ name, licence, gated }: Repository, variant: Variant): Promise<boolean> {
  const yes = t('Download');
  const lines = [
    t('Licence: {0}', licence ?? t('not said; see its page')),
    ...(gated ? [t('Its owner wants you to accept the terms on its page.')] : []),
    ...variant.files.map(({ path, bytes }) => `${path} (${sizeText(bytes)})`),
  ];
  const question = t('Download {0} ({1}), {2}?', name, variant.name, sizeText(variant.bytes));
  const answer = await vscode.window.showInformationMessage(
    question,
    { modal: true, detail: lines.join('\n') },
    yes,
  );
  return answer === yes;
}

type Reporter = vscode.Progress<{ message?: string; increment?: number }>;

function withProgress<T>(
  title: string,
  work: (progress: Reporter, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const location = vscode.ProgressLocation.Notification;
  return Promise.resolve(
    vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      return work(progress, controller.signal);
    }),
  );
}
