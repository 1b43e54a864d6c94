import { createHash } from 'node:crypto';
import type {
  LikelihoodModel,
  LikelihoodRequest,
  ScoreOptions,
  ScoreResult,
  Text,
} from '../../../src/likelihood/likelihood-model';

/** Log-likelihoods drawn from a hash of context and target: always the same for the same request, and quick. */
export class StubModel implements LikelihoodModel {
  readonly id = { name: 'stub', sha256: '00' };
  readonly window = 100_000;
  readonly judges = false;
  /** How many traces were scored. */
  calls = 0;
  constructor(private readonly before: (call: number) => void | Promise<void> = () => undefined) {}

  async score(requests: readonly LikelihoodRequest[], { signal }: ScoreOptions = {}): Promise<ScoreResult> {
    signal?.throwIfAborted();
    await this.before(this.calls++);
    signal?.throwIfAborted();
    return {
      likelihoods: requests.map(({ context, target }) => {
        const bytes = createHash('md5')
          .update(`${textOf(context)}|${target}`)
          .digest();
        return { logProb: -1 - bytes.readUInt32BE(0) / 2 ** 30, tokens: 3, cut: 0 };
      }),
      work: {
        naivePositions: requests.length * 10,
        distinctPositions: requests.length * 2,
        computedPositions: requests.length,
        passes: 1,
      },
    };
  }
  async dispose(): Promise<void> {}
}

const textOf = (text: Text | undefined): string => (text ? textOf(text.before) + text.piece : '');
