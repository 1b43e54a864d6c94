import { existsSync } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { isAbsolute, join, resolve } from 'node:path';
import { homeFolder, modelsFolder } from './home';
import { readObject, writeObject } from './json-file';
import { ModelError } from './model-error';
import { isModelName } from './names';

/** A model that can be named: the bundled one, or one of the storage folder. */
export interface StoredModel {
  readonly name: string;
  readonly folder: string;
}

/** What the model that comes along is called. */
export const BUNDLED = 'bundled';
const CONFIG_FILE = 'config.json';

/** The storage folder, the bundled model, and which of them is used unless another one is asked for. */
export class ModelStore {
  /** @param bundled the folder of the bundled model */
  constructor(
    private readonly bundled: string,
    readonly home: string = homeFolder(),
  ) {}

  /** All models, the bundled one first, then by name. */
  async list(): Promise<StoredModel[]> {
    const models = modelsFolder(this.home);
    const names: string[] = [];
    for (const owner of await foldersIn(models)) {
      if (isModelFolder(join(models, owner))) names.push(owner);
      else for (const name of await foldersIn(join(models, owner))) names.push(`${owner}/${name}`);
    }
    const stored = names
      .filter((name) => isModelName(name) && isModelFolder(join(models, name)))
      .sort()
      .map((name) => ({ name, folder: join(models, name) }));
    return [{ name: BUNDLED, folder: this.bundled }, ...stored];
  }

  /**
   * The model that a person means: `bundled`, a name (what follows an `@` may be left out where it is clear), or a path.
   * A path that exists comes before a name.
   * @throws {ModelError} where there is none, or several
   */
  async find(nameOrPath: string): Promise<StoredModel> {
    const models = await this.list();
    const exact = models.find(({ name }) => name === nameOrPath);
    if (nameOrPath === BUNDLED && exact) return exact;
    if (isAbsolute(nameOrPath) || existsSync(nameOrPath)) {
      const folder = resolve(nameOrPath);
      if (existsSync(folder)) return { name: nameOrPath, folder };
      throw new ModelError(`${folder}: there is no such model folder`);
    }
    if (exact) return exact;
    const meant = models.filter(({ name }) => name.startsWith(`${nameOrPath}@`));
    const [only, ...others] = meant;
    if (only && others.length === 0) return only;
    if (only) {
      throw new ModelError(
        `${nameOrPath} may be ${meant.map(({ name }) => name).join(' or ')}: name one of them`,
      );
    }
    throw new ModelError(
      `${nameOrPath}: there is no such model folder, and no model of that name in ${modelsFolder(this.home)}; ` +
        'steplens model list shows what there is',
    );
  }

  /**
   * The model that is used unless another one is asked for.
   * @throws {ModelError} where the chosen one is no longer there
   */
  async chosen(): Promise<StoredModel> {
    const { model } = await readObject(join(this.home, CONFIG_FILE));
    if (typeof model !== 'string' || model === BUNDLED) return { name: BUNDLED, folder: this.bundled };
    try {
      return await this.find(model);
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      throw new ModelError(
        `the chosen model is gone (${error.message}): steplens model use bundled, or another one`,
      );
    }
  }

  /** Chooses it; a path is kept as an absolute one. @throws {ModelError} where there is no such model */
  async use(nameOrPath: string): Promise<StoredModel> {
    const found = await this.find(nameOrPath);
    const known = (await this.list()).some(({ name }) => name === found.name);
    const file = join(this.home, CONFIG_FILE);
    const model = known ? found.name : found.folder;
    await writeObject(file, { ...(await readObject(file)), model });
    return found;
  }

  /**
   * Deletes a model of the storage folder; if it was the chosen one, the bundled one is chosen.
   * @throws {ModelError} where it is not in there
   */
  async remove(name: string): Promise<StoredModel> {
    const found = await this.find(name);
    const stored = (await this.list()).find((model) => model.folder === found.folder);
    if (!stored || stored.name === BUNDLED) {
      throw new ModelError(
        stored
          ? 'the bundled model belongs to the program and cannot be removed'
          : `${found.folder} is not in ${modelsFolder(this.home)}: delete it yourself`,
      );
    }
    const file = join(this.home, CONFIG_FILE);
    const config = await readObject(file);
    if (config.model === stored.name) await writeObject(file, { ...config, model: BUNDLED });
    // Away from the list at once, however long the deletion takes.
    const going = join(modelsFolder(this.home), `.removing-${process.pid}-${Date.now()}`);
    await rename(stored.folder, going);
    await rm(going, { recursive: true, force: true, maxRetries: 3 });
    return stored;
  }
}

/** Names of the folders in a folder, but hidden ones; none where there is no such folder. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder).catch(() => []);
  const shown = entries.filter((name) => !name.startsWith('.'));
  const kinds = await Promise.all(shown.map((name) => stat(join(folder, name)).catch(() => undefined)));
  return shown.filter((_, i) => kinds[i]?.isDirectory());
}

const isModelFolder = (folder: string): boolean => existsSync(join(folder, 'config.json'));
