import { join } from 'node:path';
import type {
  LikelihoodModel,
  LikelihoodRequest,
  ModelId,
  ScoreOptions,
  ScoreResult,
} from '../likelihood/likelihood-model';
import { homeFolder } from './home';
import { readObject, writeObject } from './json-file';

/** What was seen of a model on this machine. */
export interface Usage {
  /** ISO 8601. */
  readonly lastUsed: string;
  /** Positions computed in a second, over its last use. */
  readonly speed?: number;
}

const fileOf = (home: string) => join(home, 'usage.json');
/** Below this a speed says more of the start than of the model. */
const ENOUGH_POSITIONS = 50;

/** @param key the model's folder */
export async function usageOf(key: string, home: string = homeFolder()): Promise<Usage | undefined> {
  const value = (await readObject(fileOf(home)))[key];
  const { lastUsed, speed } = (value ?? {}) as Partial<Record<keyof Usage, unknown>>;
  if (typeof lastUsed !== 'string') return undefined;
  return { lastUsed, ...(typeof speed === 'number' && speed > 0 ? { speed } : {}) };
}

/** A model of which it is written down, when it is let go of, that it was used and how fast it was. */
export class MeteredModel implements Required<LikelihoodModel> {
  private positions = 0;
  private seconds = 0;

  /** @param key the model's folder */
  constructor(
    private readonly model: LikelihoodModel,
    private readonly key: string,
    private readonly home: string = homeFolder(),
  ) {}

  get id(): ModelId {
    return this.model.id;
  }

  get window(): number {
    return this.model.window;
  }

  get judges(): boolean {
    return this.model.judges;
  }

  async score(requests: readonly LikelihoodRequest[], options?: ScoreOptions): Promise<ScoreResult> {
    const begun = performance.now();
    const result = await this.model.score(requests, options);
    this.positions += result.work.computedPositions;
    this.seconds += (performance.now() - begun) / 1000;
    return result;
  }

  async dispose(): Promise<void> {
    await this.model.dispose();
    await this.save().catch(() => undefined); // a folder that cannot be written is no reason to fail
  }

  private async save(): Promise<void> {
    if (this.positions === 0) return;
    const all = await readObject(fileOf(this.home));
    const speed =
      this.positions >= ENOUGH_POSITIONS
        ? Math.round(this.positions / this.seconds)
        : (await usageOf(this.key, this.home))?.speed;
    const usage: Usage = { lastUsed: new Date().toISOString(), ...(speed === undefined ? {} : { speed }) };
    await writeObject(fileOf(this.home), { ...all, [this.key]: usage });
  }
}
