import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogLikelihood, ModelId } from '../../../src/likelihood/likelihood-model';

/** A line of the file: what a model has answered to a block of requests. */
interface Line {
  readonly key: string;
  /** Sums of natural-log probabilities, in the order of the requests. */
  readonly logProbs: readonly number[];
  readonly tokens: readonly number[];
}

/** Sums are kept to a hundred-thousandth of a nat: far below what 8-bit weights leave uncertain. */
const PRECISION = 1e5;
const ENDING = '.jsonl';

/**
 * The answers of one model, kept in a file that only grows: a run that is stopped loses at most the trace it was at.
 * A line that was cut off by a crash counts as not there. The first line says which model it is.
 */
export class LikelihoodStore {
  private constructor(
    private readonly file: FileHandle,
    private readonly lines: Map<string, Line>,
    readonly model: ModelId,
  ) {}

  /** Opens the file of a model, or makes it. Its name in the tables is the one given last. */
  static async open(folder: string, model: ModelId): Promise<LikelihoodStore> {
    await mkdir(folder, { recursive: true });
    const store = await LikelihoodStore.read(join(folder, `${model.sha256.slice(0, 16)}${ENDING}`), model);
    if (store.model.name !== model.name) await store.file.appendFile(`${JSON.stringify({ model })}\n`);
    return new LikelihoodStore(store.file, store.lines, model);
  }

  /** The files of all models that were asked. */
  static async openAll(folder: string): Promise<LikelihoodStore[]> {
    const names = (await readdir(folder)).filter((name) => name.endsWith(ENDING)).sort();
    return Promise.all(names.map((name) => LikelihoodStore.read(join(folder, name))));
  }

  private static async read(path: string, asked?: ModelId): Promise<LikelihoodStore> {
    const file = await open(path, 'a+');
    const text = await file.readFile('utf8');
    if (text !== '' && !text.endsWith('\n')) await file.appendFile('\n');
    const parsed = text.split('\n').flatMap(parse);
    const lines = new Map(parsed.flatMap((line) => ('key' in line ? [[line.key, line]] : [])));
    const model = parsed.findLast((line) => 'model' in line)?.model;
    return new LikelihoodStore(file, lines, model ?? { name: '', sha256: asked?.sha256 ?? '' });
  }

  has(key: string): boolean {
    return this.lines.has(key);
  }

  get(key: string): LogLikelihood[] | undefined {
    const line = this.lines.get(key);
    return line?.logProbs.map((logProb, i) => ({ logProb, tokens: line.tokens[i] ?? 1, cut: 0 }));
  }

  async add(key: string, likelihoods: readonly LogLikelihood[]): Promise<void> {
    const line: Line = {
      key,
      logProbs: likelihoods.map(({ logProb }) => Math.round(logProb * PRECISION) / PRECISION),
      tokens: likelihoods.map(({ tokens }) => tokens),
    };
    this.lines.set(key, line);
    await this.file.appendFile(`${JSON.stringify(line)}\n`);
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

function parse(text: string): (Line | { readonly model: ModelId })[] {
  try {
    const { key, logProbs, tokens, model } = JSON.parse(text) as Partial<Line> & { model?: Partial<ModelId> };
    const { name, sha256 } = model ?? {};
    if (name !== undefined && sha256 !== undefined) return [{ model: { name, sha256 } }];
    const whole = typeof key === 'string' && Array.isArray(logProbs) && Array.isArray(tokens);
    return whole && logProbs.length === tokens.length ? [{ key, logProbs, tokens }] : [];
  } catch {
    return [];
  }
}
