import type {
  LikelihoodModel,
  LikelihoodRequest,
  ModelId,
  ScoreOptions,
  ScoreResult,
} from '../likelihood-model';

/**
 * Several copies of one model, each in a process of its own, as one model: a call goes to a copy that has no work, and
 * waits for one where all have. Every call is answered by one copy alone, so the answers are those of a single one.
 */
export class ModelPool implements LikelihoodModel {
  private readonly idle: LikelihoodModel[];
  private readonly waiting: ((model: LikelihoodModel) => void)[] = [];

  private constructor(
    private readonly models: readonly LikelihoodModel[],
    private readonly first: LikelihoodModel,
  ) {
    this.idle = [...models];
  }

  /**
   * Starts the copies together.
   * @throws what `start` throws; the copies that did start are closed then
   */
  static async start(count: number, start: () => Promise<LikelihoodModel>): Promise<ModelPool> {
    const started = await Promise.allSettled(Array.from({ length: count }, start));
    const models = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failed = started.find((result) => result.status === 'rejected');
    const [first] = models;
    if (failed || !first) {
      await Promise.all(models.map((model) => model.dispose()));
      throw failed?.reason ?? new RangeError('a pool of no model');
    }
    return new ModelPool(models, first);
  }

  get id(): ModelId {
    return this.first.id;
  }

  get window(): number {
    return this.first.window;
  }

  get judges(): boolean {
    return this.first.judges;
  }

  async score(requests: readonly LikelihoodRequest[], options: ScoreOptions = {}): Promise<ScoreResult> {
    const model = this.idle.pop() ?? (await new Promise<LikelihoodModel>((free) => this.waiting.push(free)));
    try {
      options.signal?.throwIfAborted();
      return await model.score(requests, options);
    } finally {
      const next = this.waiting.shift();
      if (next) next(model);
      else this.idle.push(model);
    }
  }

  async dispose(): Promise<void> {
    await Promise.all(this.models.map((model) => model.dispose()));
  }
}
